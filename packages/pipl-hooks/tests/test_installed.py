from __future__ import annotations

import sys

import pytest

from pipl_hooks import PluginSource, entry_points
from pipl_hooks.installed import (
    InstalledDistribution,
    distribution,
    one_line,
    refresh,
    source_of_module,
    unreadable_entry_points,
)


class TestEntryPoints:
    def test_are_listed_without_an_import(self, environment):
        environment.install(
            "explosive", "1 / 0", version="3", entry_points={"some.group": {"b": "explosive:B"}}
        )
        environment.install("other", entry_points={"some.group": {"b": "other:B", "a": "other:A"}})
        found = entry_points("some.group")
        assert [source for source, _ in found] == [
            PluginSource("b", "explosive", "3", "explosive:B"),
            PluginSource("b", "other", "1.0.0", "other:B"),
            PluginSource("a", "other", "1.0.0", "other:A"),
        ]
        assert [point.value for _, point in found] == ["explosive:B", "other:B", "other:A"]

    def test_of_an_unknown_group_are_none(self, environment):
        assert entry_points("no.such.group") == []

    def test_of_a_group_whose_name_another_begins_with_are_none(self, environment):
        environment.install("other", entry_points={"some.group.more": {"a": "other:A"}})
        assert entry_points("some.group") == []

    def test_are_named_as_the_author_writes_the_packl(self, environment):
        environment.install("Poem-Types.2", entry_points={"some.group": {"a": "a:A"}})
        ((source, _),) = entry_points("some.group")
        assert (source.packl, str(source)) == ("Poem-Types.2", "Poem-Types.2 1.0.0")

    def test_a_list_of_them_is_the_caller_s_own(self, environment):
        environment.install("other", entry_points={"some.group": {"a": "other:A"}})
        entry_points("some.group").clear()
        assert len(entry_points("some.group")) == 1

    def test_of_the_first_distribution_of_a_name_on_the_path_count(self, environment, monkeypatch):
        environment.install("twice", version="1", entry_points={"some.group": {"old": "a:A"}})
        first = environment.site.with_name("first")
        info = first / "twice-2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Name: twice\nVersion: 2\n")
        monkeypatch.undo()  # the throw-away environment shows one folder of packls alone
        monkeypatch.setattr(sys, "path", [str(first), str(environment.site)])
        refresh()
        assert entry_points("some.group") == []
        (info / "METADATA").unlink()
        refresh()
        assert [source.version for source, _ in entry_points("some.group")] == ["1"]


class TestReading:
    def test_happens_again_when_a_folder_of_the_path_has_changed(self, environment):
        assert entry_points("some.group") == []
        info = environment.site / "late-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Name: late\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[some.group]\na = late:A\n")
        assert [source.packl for source, _ in entry_points("some.group")] == ["late"]

    def test_happens_again_when_the_path_has_changed(self, environment, monkeypatch):
        environment.install("other", entry_points={"some.group": {"a": "other:A"}})
        assert len(entry_points("some.group")) == 1
        shorter = [entry for entry in sys.path if entry != str(environment.site)]
        monkeypatch.setattr(sys, "path", shorter)
        assert entry_points("some.group") == []

    def test_happens_once_otherwise(self, environment, monkeypatch):
        environment.install("other", entry_points={"some.group": {"a": "other:A"}})
        before = entry_points("some.group")
        monkeypatch.setattr("pipl_hooks._metadata.records", lambda: pytest.fail("read again"))
        assert entry_points("some.group") == before
        assert entry_points("another") == []


class TestDistribution:
    def test_has_what_its_metadata_says(self, environment):
        environment.install("shot_010", version="1.5", requires=["a>=1", "b ; extra == 'edit'"])
        expected = InstalledDistribution("shot_010", "1.5", ("a>=1", "b ; extra == 'edit'"))
        assert distribution("Shot-010") == expected

    def test_that_is_not_installed_is_none(self, environment):
        assert distribution("shot_010") is None

    def test_has_no_more_than_the_head_says(self, environment):
        environment.install("wordy")
        path = environment.site / "wordy-1.0.0.dist-info" / "METADATA"
        path.write_text(
            "Metadata-Version: 2.1\nName: wordy\nVersion: 1\nLicense: one\n        Name: no\n"
            "Requires-Dist: a\n\nRequires-Dist: b\nName: other\n"
        )
        assert distribution("wordy") == InstalledDistribution("wordy", "1", ("a",))

    def test_whose_metadata_is_damaged_is_none(self, environment):
        environment.install("damaged", entry_points={"some.group": {"a": "a:A"}})
        path = environment.site / "damaged-1.0.0.dist-info" / "METADATA"
        path.write_bytes(b"Name: \xff\xfe\n")
        assert distribution("damaged") is None
        assert entry_points("some.group") == []

    def test_that_ends_within_its_entry_points_is_told(self, environment):
        environment.install("cut")
        path = environment.site / "cut-1.0.0.dist-info" / "entry_points.txt"
        path.write_bytes(b"[some.group]\n\xff\xfe = 1\n")
        (failure,) = unreadable_entry_points("some.group")
        assert failure.source == PluginSource("entry_points.txt", "cut", "1.0.0", "")
        assert failure.reason.startswith("UnicodeDecodeError: 'utf-8' codec can't decode")


class TestSourceOfModule:
    def test_is_the_packl_of_the_same_name(self, environment):
        environment.install("poem-types", version="2")
        environment.install("poem", entry_points={"some.group": {"a": "poem_types.x:A"}})
        source = source_of_module("poem_types.deep")
        assert source == PluginSource("", "poem-types", "2", "poem_types.deep")

    def test_is_else_the_packl_whose_entry_points_name_it(self, environment):
        environment.install("studio-tools", entry_points={"some.group": {"a": "tools.x:A"}})
        source = source_of_module("tools.y")
        assert source is not None
        assert source.packl == "studio-tools"

    def test_is_none_of_a_module_of_nobody(self, environment):
        assert source_of_module("nowhere.at_all") is None
        assert source_of_module("") is None


def test_an_error_is_told_in_one_line():
    assert one_line(ValueError("two\n  lines")) == "ValueError: two lines"
    assert one_line(SystemExit()) == "SystemExit"
