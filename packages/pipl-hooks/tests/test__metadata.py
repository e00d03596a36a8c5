from __future__ import annotations

import contextlib
import json
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks._metadata import EntryPoint, Record, records


def record(key="poem", **texts):
    """Return a record whose files have these texts; dots in their names are underscores here."""
    return Record(key, lambda name: texts.get(name.replace(".", "_")))


@pytest.fixture
def path(monkeypatch, tmp_path):
    """A folder, as the whole of `sys.path`."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def write(folder, head="Name: poem\nVersion: 1\n", points="[g]\na = poem:A\n"):
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(head, encoding="utf-8")
    (folder / "entry_points.txt").write_text(points, encoding="utf-8")


class TestEntryPoint:
    @pytest.mark.parametrize(
        ("value", "found", "module"),
        [
            ("json", json, "json"),
            ("json:dumps", json.dumps, "json"),
            ("json.decoder : JSONDecoder.decode", json.JSONDecoder.decode, "json.decoder"),
            ("json:dumps [extra]", json.dumps, "json"),
            ("json [extra]", json, "json"),
        ],
    )
    def test_is_imported(self, value, found, module):
        point = EntryPoint("x", value, "g")
        assert (point.load(), point.module) == (found, module)

    def test_of_another_form_is_an_error(self):
        with pytest.raises(ValueError, match="'json dumps' is not module:attribute"):
            EntryPoint("x", "json dumps", "g").load()


class TestRecord:
    def test_reads_entry_points(self):
        text = "# one\n; two\n\n[g]\na = x:A\nb.c=y\n\n[ other group ]\n d  =  z : D = E\n"
        assert record(entry_points_txt=text).points == [
            EntryPoint("a", "x:A", "g"),
            EntryPoint("b.c", "y", "g"),
            EntryPoint("d", "z : D = E", "other group"),
        ]
        assert record().points == []

    @pytest.mark.parametrize("text", ["a = b", "[g]\nmai", "[g]\n= b", "[g"])
    def test_with_entry_points_that_make_no_sense_raises(self, text):
        with pytest.raises(ValueError, match="is no line of entry points"):
            _ = record(entry_points_txt=text).points

    def test_reads_the_head_of_old_metadata(self):
        assert record(PKG_INFO="Name: poem\nVersion: 1\n").head is None
        old = Record("poem", {"PKG-INFO": "Name: poem\nVersion: 1\n"}.get)
        assert (old.head.name, old.head.version) == ("poem", "1")

    def test_without_a_name_has_no_head(self):
        assert record(METADATA="Version: 1\n").head is None
        assert record(METADATA="Name: \nName: b\n").head is None
        assert record().head is None

    @given(st.text(alphabet=st.sampled_from("[]=:#; \n\rab.é")))
    def test_with_any_text_has_entry_points_or_is_an_error(self, text):
        points = []
        with contextlib.suppress(ValueError):
            points = record(entry_points_txt=text).points
        assert all(point.name and point.group for point in points)

    @given(st.text(alphabet=st.sampled_from("Name:Version \n\t\r-é")))
    def test_with_any_text_has_a_head_or_none(self, text):
        head = record(METADATA=text).head
        assert head is None or head.name.strip() == head.name != ""

    def test_that_may_not_be_read_has_no_head(self):
        def refuse(name):
            raise PermissionError(name)

        assert Record("poem", refuse).head is None


class TestRecords:
    def test_are_found_by_their_folders(self, path):
        write(path / "Poem_Types.2-1.dist-info")
        write(path / "old-1-py3.11.egg-info")
        (path / "poem").mkdir()
        assert sorted(each.key for each in records()) == ["old", "poem-types-2"]

    def test_are_found_where_metadata_is_one_file(self, path):
        (path / "single-1.egg-info").write_text("Name: single\nVersion: 1\n", encoding="utf-8")
        (found,) = records()
        assert (found.head.name, found.points) == ("single", [])

    def test_are_found_in_archives(self, path, monkeypatch):
        archive = path / "poem.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("poem-1.dist-info/METADATA", "Name: Poem\nVersion: 1\n")
            file.writestr("poem-1.dist-info/entry_points.txt", "[g]\na = poem:A\n")
        monkeypatch.setattr(sys, "path", [str(archive)])
        (found,) = records()
        assert (found.key, found.points) == ("poem", [EntryPoint("a", "poem:A", "g")])

    def test_are_found_where_importers_of_others_tell_of_them(self, path, monkeypatch):
        from importlib.metadata import Distribution

        class Told(Distribution):
            def read_text(self, filename):
                return {"METADATA": "Name: told\nVersion: 1\n"}.get(filename)

            def locate_file(self, path):
                raise NotImplementedError

        class Finder:
            def find_distributions(self, context):
                return [Told()]

        monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
        assert [each.key for each in records()] == ["told"]

    def test_are_none_where_the_path_leads_nowhere(self, path, monkeypatch):
        monkeypatch.setattr(sys, "path", [str(path / "gone"), "a\0b"])
        assert list(records()) == []

    def test_come_in_the_order_of_the_path(self, path, monkeypatch):
        for name in ("b", "a"):
            write(path / name / "poem-1.dist-info")
        monkeypatch.setattr(sys, "path", [str(path / "b"), str(path / "a")])
        assert [each.folder for each in records()] == [
            str(path / "b" / "poem-1.dist-info"),
            str(path / "a" / "poem-1.dist-info"),
        ]

    def test_agree_with_the_standard_library(self):
        from importlib import metadata

        theirs = {
            (each.metadata["Name"], each.version, point.name, point.value)
            for each in metadata.distributions()
            for point in each.entry_points
        }
        ours = {
            (each.head.name, each.head.version, point.name, point.value)
            for each in records()
            if each.head
            for point in each.points
        }
        assert ours == theirs
        assert ours
