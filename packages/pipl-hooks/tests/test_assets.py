from __future__ import annotations

import hashlib
import json
import string
from dataclasses import asdict
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import AssetReference, FormatError, Manifest, ManifestFile
from pipl_hooks.assets import (
    check_base_name,
    check_digest,
    check_file_name,
    check_location,
    folded,
    references_from_plain,
    references_from_text,
    references_to_text,
)

DIGEST = "sha256:" + "0123456789abcdef" * 4

digests = st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format)
parts = st.text(string.ascii_lowercase + "é漢_", min_size=4, max_size=8)
sizes = st.integers(0, 2**60)
manifests = st.one_of(
    st.builds(
        lambda digest, size: Manifest("file", (ManifestFile(".usda", digest, size),)),
        digests,
        sizes,
    ),
    st.builds(
        lambda shape, files: Manifest(
            shape, tuple(ManifestFile(name, *rest) for name, rest in sorted(files.items()))
        ),
        st.sampled_from(["folder", "sequence"]),
        st.dictionaries(
            st.builds("{}/{}".format, parts, parts), st.tuples(digests, sizes), max_size=5
        ),
    ),
)
references = st.builds(
    AssetReference,
    name=st.builds("{}{}".format, st.just("x"), st.text(string.ascii_letters + "_")),
    type=st.text(),
    revision=st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3}){0,2}(rc[0-9])?\Z"),
    digest=digests,
    size=sizes,
    files=sizes,
    frames=st.text(),
    location=st.just("") | st.lists(parts, min_size=1, max_size=5).map("/".join),
    base_name=st.just("") | parts,
)


def manifest_bytes(**changes):
    data = {
        "format": 1,
        "shape": "folder",
        "files": [{"name": "a/b.txt", "digest": DIGEST, "size": 3}],
    }
    return json.dumps({**data, **changes}).encode()


def one_file(**changes):
    return [{"name": "a", "digest": DIGEST, "size": 3, **changes}]


class TestManifest:
    def test_has_one_canonical_form(self):
        files = (ManifestFile("b", DIGEST, 2), ManifestFile("a", DIGEST, 1))
        expected = (
            f'{{"files":[{{"digest":"{DIGEST}","name":"a","size":1}},'
            f'{{"digest":"{DIGEST}","name":"b","size":2}}],"format":1,"shape":"folder"}}'
        ).encode()
        assert Manifest("folder", files).to_bytes() == expected
        assert Manifest("folder", files[::-1]).to_bytes() == expected

    def test_is_named_by_the_digest_of_that_form(self):
        manifest = Manifest("file", (ManifestFile(".exr", DIGEST, 7),))
        assert manifest.digest == "sha256:" + hashlib.sha256(manifest.to_bytes()).hexdigest()
        assert manifest.size == 7

    @given(manifests)
    def test_reads_what_it_writes(self, manifest):
        assert Manifest.from_bytes(manifest.to_bytes()) == manifest

    @given(st.binary())
    def test_refuses_arbitrary_bytes_with_a_format_error(self, data):
        with pytest.raises(FormatError):
            Manifest.from_bytes(data)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["format", "shape", "files", "name", "digest", "size"]), inner
                )
            ),
        )
    )
    def test_refuses_arbitrary_json_with_a_format_error(self, data):
        with pytest.raises(FormatError):
            Manifest.from_bytes(json.dumps(data).encode())

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\xff\xfe",
            b"[" * 100_000,
            b"[]",
            b"3",
            manifest_bytes(files=[1]),
            manifest_bytes(files={"name": "a"}),
            manifest_bytes(files=one_file(size=float("inf"))),
            manifest_bytes(files=one_file(size="many")),
            manifest_bytes(files=one_file(size="3")),
            manifest_bytes(files=one_file(size=-3)),
            manifest_bytes(files=one_file(size=True)),
            manifest_bytes(files=one_file(name=3)),
            manifest_bytes(shape=["file"]),
        ],
    )
    def test_refuses_what_is_no_manifest(self, data):
        with pytest.raises(FormatError, match=r"\AAn Asset's manifest cannot be read\."):
            Manifest.from_bytes(data)

    def test_refuses_a_later_format(self):
        with pytest.raises(FormatError) as error:
            Manifest.from_bytes(manifest_bytes(format=2))
        assert error.value.message == "Format 2 of a manifest is not known here."
        assert error.value.hint == "Update pipl-hooks in this environment."

    @pytest.mark.parametrize(
        ("changes", "context"),
        [
            ({"shape": "cloud"}, "It has the unknown shape 'cloud'."),
            ({"shape": "file", "files": []}, "A file Asset has one file, not 0."),
            ({"files": one_file() * 2}, "It names a file twice."),
            (
                {"files": one_file() + one_file(name="a/b/c")},
                "Something above 'a/b/c' is a file, not a folder.",
            ),
            (
                {"files": one_file() + one_file(name="A/b")},
                "Something above 'A/b' is a file, not a folder.",
            ),
            (
                {"files": one_file() + one_file(name="A")},
                "'A' and 'a' are one file on some platforms.",
            ),
            (
                {"files": one_file(name="k\u00e4se") + one_file(name="ka\u0308se")},
                "'ka\u0308se' and 'k\u00e4se' are one file on some platforms.",
            ),
        ],
    )
    def test_refuses_what_contradicts_itself(self, changes, context):
        with pytest.raises(FormatError) as error:
            Manifest.from_bytes(manifest_bytes(**changes))
        assert error.value.message == "An Asset's manifest contradicts itself."
        assert error.value.context == context

    def test_checks_names_and_digests(self):
        with pytest.raises(FormatError, match=r"'\.\./a' cannot be the name of a file"):
            Manifest.from_bytes(manifest_bytes(files=one_file(name="../a")))
        with pytest.raises(FormatError, match="'sha256:12' is not a digest"):
            Manifest.from_bytes(manifest_bytes(files=one_file(digest="sha256:12")))

    @given(st.data())
    def test_with_one_value_spoiled_is_read_or_a_format_error(self, spoiled, data):
        document = data.draw(spoiled(json.loads(manifest_bytes())))
        try:
            manifest = Manifest.from_bytes(json.dumps(document).encode())
        except FormatError:
            return
        assert Manifest.from_bytes(manifest.to_bytes()) == manifest
        assert manifest.size >= 0


class TestFileNames:
    @pytest.mark.parametrize(
        "name",
        [
            ".usda",
            "a",
            "a/b/c.0001.exr",
            "contact.txt",
            "com.txt",
            "käse/漢字",
            "a b",
            "nul1",
            "x" * 255,
            "a/" * 499 + "a",
        ],
    )
    def test_stay_inside_the_asset(self, name):
        assert check_file_name(name) == name

    @pytest.mark.parametrize(
        "name",
        [
            "",
            ".",
            "..",
            "/etc/passwd",
            "../up",
            "a/../../up",
            "a//b",
            "a/",
            "a/./b",
            "C:/x",
            "a\\b",
            "CON",
            "nul.txt",
            "a/Lpt1.exr",
            "aux .txt",
            "CONIN$",
            "com\u00b9.txt",
            "trailing.",
            "trailing ",
            "folder./a",
            "what?",
            "a*b",
            'quo"te',
            "pi|pe",
            "<a>",
            "tab\t",
            "null\0",
            "line\nbreak",
            "not-utf8-\udcff",
            "x" * 256,
            "é" * 128,
            "a/" * 500 + "a",
            "a/" * 5_000_000,
        ],
    )
    def test_that_leave_it_or_cannot_exist_on_windows_are_refused(self, name):
        with pytest.raises(FormatError) as error:
            check_file_name(name)
        assert error.value.message == f"{name!r:.200} cannot be the name of a file in an Asset."

    @given(st.text())
    def test_are_the_same_or_refused(self, name):
        try:
            assert check_file_name(name) == name
        except FormatError:
            return
        assert ".." not in name.split("/")
        assert not name.startswith("/")


class TestDigests:
    def test_of_the_right_form_are_returned(self):
        assert check_digest(DIGEST) == DIGEST

    @pytest.mark.parametrize(
        "digest",
        ["", DIGEST[:-1], DIGEST + "0", DIGEST + "\n", DIGEST.upper(), "md5:" + "0" * 64, "../x"],
    )
    def test_of_another_form_are_refused(self, digest):
        with pytest.raises(FormatError) as error:
            check_digest(digest)
        assert error.value.message == f"{digest!r:.100} is not a digest."


OUTSIDE = ["/abs", "../up", "a/../../b", ".", "a/", "a//b", "C:\\x", "C:x", "nul.txt", "a\0"]
PLACE_FIELDS = [("location", "location of an Asset"), ("base_name", "name of an Asset's file")]


class TestPlaces:
    @pytest.mark.parametrize("location", ["a", "sq010/rig/v1.0+saved.1/model", "größe/漢 字"])
    def test_below_the_store_are_allowed(self, location):
        assert check_location(location) == location

    @pytest.mark.parametrize("location", ["", *OUTSIDE, "a" * 256, "a/" * 500 + "b", "\udcff"])
    def test_elsewhere_are_refused(self, location):
        with pytest.raises(FormatError) as error:
            check_location(location)
        assert error.value.message == f"{location!r:.200} cannot be the location of an Asset."

    @pytest.mark.parametrize("name", ["", *OUTSIDE, "a/b.usda", "a" * 256])
    def test_of_files_have_names_alone(self, name):
        with pytest.raises(FormatError) as error:
            check_base_name(name)
        assert error.value.message == f"{name!r:.200} cannot be the name of an Asset's file."

    @given(st.text() | st.lists(parts | st.sampled_from([".", "..", ""])).map("/".join))
    def test_that_are_allowed_stay_inside_on_every_platform(self, text):
        for check in (check_location, check_base_name):
            try:
                check(text)
            except FormatError:
                continue
            for path in (PurePosixPath(text), PureWindowsPath(text)):
                assert not path.is_absolute()
                assert not path.drive
                assert ".." not in path.parts
                assert path.as_posix() == text
            assert check is check_location or PureWindowsPath(text).name == text

    @pytest.mark.parametrize(
        ("one", "other"), [("Rig/A", "rig/a"), ("caf\u00e9", "cafe\u0301"), ("STRASSE", "straße")]
    )
    def test_that_are_one_file_somewhere_have_one_form(self, one, other):
        assert folded(one) == folded(other)
        assert folded(one) != folded(other + "x")


PLAIN = asdict(AssetReference("a", "t", "1", DIGEST, 1, 1))


class TestReferences:
    def test_are_written_in_the_order_of_their_names(self):
        rows = [
            AssetReference(name, "usd", "1.2", DIGEST, 5, 1) for name in ("model", "cache", "kaese")
        ]
        expected = {
            "format": 1,
            "assets": [
                {
                    "name": name,
                    "type": "usd",
                    "revision": "1.2",
                    "digest": DIGEST,
                    "size": 5,
                    "files": 1,
                }
                for name in ("cache", "kaese", "model")
            ],
        }
        assert references_to_text(rows) == json.dumps(expected, indent=2, ensure_ascii=False) + "\n"

    def test_name_frames_where_there_are_some(self):
        row = AssetReference("beauty", "exr", "1.2", DIGEST, 5, 10, "1001-1010#")
        text = references_to_text([row])
        assert json.loads(text)["assets"][0]["frames"] == "1001-1010#"
        assert references_from_text(text) == {"beauty": row}

    def test_name_the_place_where_it_was_recorded(self):
        place = {"location": "sq010/sh010_anim_usd/v1.2/anim", "base_name": "sh010_anim_usd.usda"}
        row = AssetReference("anim", "usd", "1.2", DIGEST, 5, 1, **place)
        text = references_to_text([row])
        assert {key: json.loads(text)["assets"][0][key] for key in place} == place
        assert references_from_text(text) == {"anim": row}

    @pytest.mark.parametrize(("field", "what"), PLACE_FIELDS)
    @pytest.mark.parametrize("value", OUTSIDE)
    def test_at_a_place_outside_of_the_store_are_a_format_error(self, field, what, value):
        row = AssetReference("anim", "usd", "1.2", DIGEST, 5, 1, **{field: value})
        with pytest.raises(FormatError) as error:
            references_from_text(references_to_text([row]))
        assert error.value.message == f"{value!r:.200} cannot be the {what}."

    @given(st.lists(references, unique_by=lambda reference: reference.name))
    def test_that_another_process_handed_over_are_read_and_checked(self, rows):
        assert references_from_plain(map(asdict, rows)) == rows

    @pytest.mark.parametrize(
        "row", [{}, 7, {**PLAIN, "location": 7}, {**PLAIN, "size": "5"}, {**PLAIN, "base_name": []}]
    )
    def test_that_another_process_spoiled_are_a_format_error(self, row):
        with pytest.raises(FormatError) as error:
            references_from_plain([row])
        assert error.value.message == "A reference to an Asset cannot be read."

    @given(st.lists(references, unique_by=lambda reference: reference.name))
    def test_are_read_as_they_were_written(self, rows):
        expected = {reference.name: reference for reference in rows}
        assert references_from_text(references_to_text(rows)) == expected

    @given(st.text())
    def test_in_arbitrary_text_are_a_format_error(self, text):
        with pytest.raises(FormatError):
            references_from_text(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "7",
            "[" * 100_000,
            '{"format": 1}',
            '{"format": 1, "assets": [1]}',
            '{"format": 1, "assets": [{"name": "a"}]}',
        ],
    )
    def test_that_cannot_be_read_are_a_format_error(self, text):
        with pytest.raises(FormatError) as error:
            references_from_text(text)
        assert error.value.message == "assets.json cannot be read."

    @pytest.mark.parametrize(
        ("field", "value", "context"),
        [
            ("name", 7, "TypeError('name should be a text, not 7')"),
            ("revision", None, "TypeError('revision should be a text, not None')"),
            ("size", "5", """TypeError("size should be a whole number, not '5'")"""),
            ("size", -5, "ValueError('size should be from 0 to 9223372036854775807, not -5')"),
            ("files", True, "TypeError('files should be a whole number, not True')"),
            ("files", 1.5, "TypeError('files should be a whole number, not 1.5')"),
            ("frames", 7, "TypeError('frames should be a text, not 7')"),
            ("location", None, "TypeError('location should be a text, not None')"),
            ("base_name", 7, "TypeError('base_name should be a text, not 7')"),
            ("digest", ["x"], """TypeError("digest should be a text, not ['x']")"""),
        ],
    )
    def test_with_a_field_of_the_wrong_type_are_a_format_error(self, field, value, context):
        row = {"name": "a", "type": "t", "revision": "1", "digest": DIGEST, "size": 1, "files": 1}
        text = json.dumps({"format": 1, "assets": [{**row, field: value}]})
        with pytest.raises(FormatError) as error:
            references_from_text(text)
        assert error.value.context == context

    def test_of_a_later_format_say_so(self):
        with pytest.raises(FormatError, match=r"\AFormat 2 of assets.json is not known here\."):
            references_from_text('{"format": 2, "assets": []}')

    @pytest.mark.parametrize(
        "name", ["", "../up", "a/b", "a.b", "größe", "1st", "a\n", "nul", "x" * 101]
    )
    def test_to_what_cannot_be_an_asset_are_a_format_error(self, name):
        text = references_to_text([AssetReference(name, "t", "1", DIGEST, 1, 1)])
        with pytest.raises(FormatError) as error:
            references_from_text(text)
        assert error.value.message == f"{name!r:.150} cannot be the name of an Asset."

    @pytest.mark.parametrize("revision", ["", "..", "../1", "1/2", "1\\2", "1\n", "/"])
    def test_with_a_revision_that_leaves_the_store_are_a_format_error(self, revision):
        text = references_to_text([AssetReference("a", "t", revision, DIGEST, 1, 1)])
        with pytest.raises(FormatError) as error:
            references_from_text(text)
        assert error.value.message == f"{revision!r} is no revision of an Asset."

    def test_that_name_an_asset_twice_are_a_format_error(self):
        row = AssetReference("a", "t", "1", DIGEST, 1, 1)
        with pytest.raises(FormatError, match="has the Asset 'a' twice"):
            references_from_text(references_to_text([row, row]))

    @given(st.data())
    def test_with_one_value_spoiled_are_read_or_a_format_error(self, spoiled, data):
        text = references_to_text([AssetReference("a", "t", "1", DIGEST, 1, 1)])
        try:
            found = references_from_text(json.dumps(data.draw(spoiled(json.loads(text)))))
        except FormatError:
            return
        assert references_from_text(references_to_text(found.values())) == found
