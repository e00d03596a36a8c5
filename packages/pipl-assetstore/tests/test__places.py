from __future__ import annotations

import os
import threading
from pathlib import PurePosixPath

import pytest

from pipl_assetstore import AssetStoreError
from pipl_assetstore._places import Owner, Places

RIG = ("rig", "model", "1.0")


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "assets")


def reserve(places, path, packl="rig", asset="model", revision="1.0"):
    places.reserve(PurePosixPath(path), packl, asset, revision)


def test_a_place_is_free_until_somebody_reserves_it(places):
    assert places.owner(PurePosixPath("sq010/rig.usda")) is None
    reserve(places, "sq010/rig.usda")
    assert places.owner(PurePosixPath("sq010/rig.usda")) == Owner(*RIG)
    assert places.owner(PurePosixPath("sq010/hero.usda")) is None


def test_again_changes_nothing(places, tmp_path):
    reserve(places, "sq010/rig.usda", packl="Char.Rig")
    file = tmp_path / "assets" / "places" / "sq010" / "rig.usda"
    before = file.stat()
    assert file.read_text(encoding="utf-8") == (
        '{"format": 1, "packl": "char-rig", "asset": "model", "revision": "1.0"}\n'
    )
    reserve(places, "sq010/rig.usda", packl="char_rig")
    assert file.stat() == before
    assert list((tmp_path / "assets" / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("packl", "asset", "revision"),
    [("hero", "model", "1.0"), ("rig", "scene", "1.0"), ("rig", "model", "1.1")],
)
def test_another_asset_or_revision_does_not_get_it(places, packl, asset, revision):
    reserve(places, "sq010/x.usda")
    with pytest.raises(AssetStoreError) as error:
        reserve(places, "sq010/x.usda", packl, asset, revision)
    assert error.value.message == (
        f"The asset store has no place for the Asset {asset!r} of {packl} {revision}: "
        "sq010/x.usda is taken."
    )
    assert error.value.context == "It belongs to the Asset 'model' of rig 1.0."
    assert error.value.hint == (
        "pipl_asset_location and pipl_asset_base_name must put each Asset and each revision "
        "somewhere else; `pipl plugins` tells who answers them."
    )
    assert places.owner(PurePosixPath("sq010/x.usda")) == Owner(*RIG)


@pytest.mark.parametrize(
    ("first", "second"),
    [("a/b", "a/b/c.usda"), ("a/b/c.usda", "a/b"), ("a", "a/b/c/d"), ("a/b/c/d", "a")],
)
def test_no_place_lies_in_another(places, first, second):
    reserve(places, first)
    with pytest.raises(AssetStoreError) as error:
        reserve(places, second, packl="hero")
    assert error.value.context == "It belongs to the Asset 'model' of rig 1.0."


@pytest.mark.parametrize(
    ("first", "second"), [("SQ010/Rig", "sq010/rig"), ("caf\u00e9/x", "cafe\u0301/x")]
)
def test_what_is_one_file_somewhere_is_one_place_everywhere(places, first, second):
    reserve(places, first)
    with pytest.raises(AssetStoreError, match="is taken"):
        reserve(places, second, packl="hero")


def test_neighbours_have_their_own(places):
    for number, path in enumerate(["a/b/c.usda", "a/b/d.usda", "a/c", "b", "a/b/c.usda.png"]):
        reserve(places, path, revision=f"{number}")
    assert places.owner(PurePosixPath("a/c")) == Owner("rig", "model", "2")


def test_a_name_may_grow_too_long_where_case_does_not_count(places):
    name = "\u0390" * 127  # 254 bytes; each is three letters of two bytes without case
    reserve(places, name)
    assert places.owner(PurePosixPath(name)) == Owner(*RIG)
    assert places.owner(PurePosixPath(name[1:])) is None


def test_without_hard_links_there_is_one_owner_too(places, monkeypatch):
    def no_links(source, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    reserve(places, "a/b")
    reserve(places, "a/b")
    with pytest.raises(AssetStoreError, match="is taken"):
        reserve(places, "a/b", packl="hero")


@pytest.mark.parametrize("fallback", [False, True])
def test_of_many_at_once_one_gets_it(places, monkeypatch, fallback):
    if fallback:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(18, "no links")))
    packls = [f"p{number}" for number in range(8)]
    start, got, refused = threading.Barrier(len(packls)), [], []

    def attempt(packl, path):
        start.wait()
        try:
            reserve(places, path, packl)
            got.append(packl)
        except AssetStoreError:
            refused.append(packl)

    threads = [
        threading.Thread(target=attempt, args=(packl, "a/b" if number % 2 else "a/b/c"))
        for number, packl in enumerate(packls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got + refused) == packls
    assert got == [places.owner(PurePosixPath("a/b")).packl]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": 1}', '{"format": 1, "packl": "rig", "x": 1}']
)
def test_a_damaged_one_is_an_error(places, tmp_path, text):
    reserve(places, "a/b")
    file = tmp_path / "assets" / "places" / "a" / "b"
    file.chmod(0o644)
    file.write_text(text)
    with pytest.raises(AssetStoreError) as error:
        reserve(places, "a/b")
    assert error.value.message == f"{file} does not tell whose the place is."


def test_one_of_a_later_pipl_says_so(places, tmp_path):
    reserve(places, "a/b")
    file = tmp_path / "assets" / "places" / "a" / "b"
    file.chmod(0o644)
    file.write_text('{"format": 2}')
    with pytest.raises(AssetStoreError) as error:
        reserve(places, "a/b")
    assert error.value.context == "Its format is not known here."


def test_that_cannot_be_written_is_an_error(tiny_disk):
    places = Places(tiny_disk / "assets")

    def fill():
        for number in range(100_000):
            reserve(places, f"a/{number}", revision=f"{number}")

    with pytest.raises(AssetStoreError) as error:
        fill()
    assert error.value.context.startswith("No space left on device")
    assert list((tiny_disk / "assets" / "incoming").iterdir()) == []
