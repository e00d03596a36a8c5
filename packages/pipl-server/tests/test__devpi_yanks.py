"""Yanks in devpi's model, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from devpi_server.filestore import get_hashes

from pipl_hooks import Event, EventFile
from pipl_server import _devpi_pages
from pipl_server._devpi_yanks import set_yanked, yank_events_of, yank_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

INDEX = "root/submitted"
NAMES = ("rig-1.0-py3-none-any.whl", "rig-1.0.tar.gz")


@pytest.fixture
def model(xom: Any) -> Any:
    """A model with one release of two files."""
    _devpi_pages.extend_pages()
    with xom.keyfs.write_transaction():
        for name in NAMES:
            content = name.encode()
            stage = xom.model.getstage(INDEX)
            link = stage.store_releasefile("rig", "1.0", name, content, hashes=get_hashes(content))
            link.add_log("upload", "bob", dst=INDEX)
    return xom


def change(xom: Any, reason: str | None, *, version: str = "1.0", name: str = "rig") -> bool | None:
    with xom.keyfs.write_transaction():
        stage = xom.model.getstage(INDEX)
        return set_yanked(stage, name, version, user="ci", reason=reason)


def reasons(xom: Any, index: str = INDEX) -> list[str | None]:
    """Return the reasons on the page and those of the logs, which must be the same."""
    with xom.keyfs.read_transaction():
        stage = xom.model.getstage(index)
        links = stage.get_linkstore_perstage("rig", "1.0").get_links("releasefile")
        by_log = {link.basename: yank_reason(link, index) for link in links}
        by_page = {link.key: link.yanked for link in stage.get_simplelinks("rig")}
    assert by_log == by_page
    return [by_log[name] for name in NAMES]


def events(xom: Any, *, at: int | None = None) -> Sequence[Event]:
    """Return the events of a serial, as devpi's notifier asks for them."""
    with xom.keyfs.read_transaction(at_serial=at):
        stage = xom.model.getstage(INDEX)
        metadata = stage.get_versiondata_perstage("rig", "1.0")
        return list(yank_events_of(stage, "rig", "1.0", metadata))


def test_yank_is_of_all_files_until_it_is_taken_back(model: Any) -> None:
    assert reasons(model) == [None, None]
    assert change(model, "broken") is True
    assert reasons(model) == ["broken", "broken"]
    assert change(model, "broken") is False
    assert change(model, "the neck is broken") is True
    assert reasons(model) == ["the neck is broken"] * 2
    assert change(model, None) is True
    assert change(model, None) is False
    assert reasons(model) == [None, None]


def test_what_changes_nothing_writes_nothing(model: Any) -> None:
    change(model, "broken")
    serial = model.keyfs.get_current_serial()
    change(model, "broken")
    assert model.keyfs.get_current_serial() == serial


@pytest.mark.parametrize(("name", "version"), [("rig", "2.0"), ("rig", "1"), ("neck", "1.0")])
def test_of_what_is_not_there(model: Any, name: str, version: str) -> None:
    serial = model.keyfs.get_current_serial()
    assert change(model, "broken", name=name, version=version) is None
    assert model.keyfs.get_current_serial() == serial


def test_of_a_version_without_files(model: Any) -> None:
    with model.keyfs.write_transaction():
        model.model.getstage(INDEX).set_versiondata({"name": "rig", "version": "3.0"})
    assert change(model, "broken", version="3.0") is None


def test_file_that_comes_later_is_not_yanked(model: Any) -> None:
    change(model, "broken")
    content = b"another"
    with model.keyfs.write_transaction():
        stage = model.model.getstage(INDEX)
        stage.store_releasefile("rig", "1.0", NAMES[1], content, hashes=get_hashes(content))
    assert reasons(model) == ["broken", None]


def test_push_takes_no_yank_along(model: Any) -> None:
    change(model, "broken")
    with model.keyfs.write_transaction():
        target = model.model.get_user("root").create_stage("released", type="stage")
        target.set_versiondata({"name": "rig", "version": "1.0"})
        store = model.model.getstage(INDEX).get_linkstore_perstage("rig", "1.0")
        for link in store.get_links("releasefile"):
            content, hashes = link.entry.file_get_content(), link.entry.hashes
            new = target.store_releasefile("rig", "1.0", link.basename, content, hashes=hashes)
            new.add_logs(link.get_logs())
            new.add_log("push", "ci", src=INDEX, dst="root/released")
    assert reasons(model, "root/released") == [None, None]
    assert reasons(model) == ["broken", "broken"]


def test_event_for_each_file(model: Any) -> None:
    change(model, "broken")
    yanks = events(model)
    with model.keyfs.read_transaction():
        stage = model.model.getstage(INDEX)
        links = stage.get_linkstore_perstage("rig", "1.0").get_links("releasefile")
    for event, name, link in zip(yanks, NAMES, links, strict=True):
        digest = get_hashes(name.encode()).get_default_value()
        path = f"{INDEX}/+f/{digest[:3]}/{digest[3:16]}/{name}"
        assert event == Event(
            id=0,
            serial=model.keyfs.get_current_serial(),
            kind="yank",
            index=INDEX,
            project="rig",
            version="1.0",
            file=EventFile(name=name, path=path, digest=f"sha256:{digest}", size=len(name)),
            user="ci",
            source=None,
            time=event.time,
            reason="broken",
        )
        assert event.time.startswith("{}-{:02}-{:02}T".format(*link.get_logs()[-1]["when"]))
    change(model, None)
    kinds = [(event.kind, event.user, event.reason) for event in events(model)]
    assert kinds == [("unyank", "ci", None)] * 2


def test_no_events_of_other_changes(model: Any) -> None:
    assert events(model) == []
    change(model, "broken")
    with model.keyfs.write_transaction():
        stage = model.model.getstage(INDEX)
        stage.set_versiondata({"name": "rig", "version": "1.0", "summary": "A rig"})
    assert events(model) == []
    with model.keyfs.read_transaction():
        stage = model.model.getstage(INDEX)
        assert list(yank_events_of(stage, "rig", "1.0", {})) == []  # it was removed
        assert list(yank_events_of(None, "rig", "1.0", {})) == []  # so was its index


def test_events_are_those_of_their_serial_when_told_again(model: Any) -> None:
    change(model, "broken")
    serial = model.keyfs.get_current_serial()
    first = events(model)
    change(model, None)
    assert events(model, at=serial) == first
