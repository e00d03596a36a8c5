"""What a packl depends on: installed first, then recorded; one workspace for all tests."""

from __future__ import annotations

import pytest

from pipl_core import InstallError, NotFoundError, PacklError, Workspace
from pipl_core.dependencies import add_dependencies, add_dependency, remove_dependency

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


@pytest.fixture(scope="module")
def bench(running_project, pipl_wheels):
    """A workspace that the tests of this module change one after the other."""
    return Workspace.create(running_project, "dependencies")


@pytest.fixture
def packl(bench, throw_away_packl, unique):
    """A packl in edition, with a person's own formatting."""
    made = throw_away_packl(bench, unique("anim"))
    text = made.file.read_text()
    made.file.write_text(text.replace("dependencies = []", "# Ask Bob!\ndependencies   = [ ]"))
    return made


@pytest.fixture
def released(running_project, throw_away_packl, unique, tmp_path):
    """A function that releases a packl in some versions, and returns its name."""

    def release(*versions, dependencies=()):
        name = unique("part")
        for version in versions:
            made = throw_away_packl(
                tmp_path / version, name, version=version, dependencies=dependencies
            )
            throw_away_packl.publish(made, running_project)
        return name

    return release


def normal(name):
    return name.replace("_", "-")


def state(packl):
    return packl.file.read_text(), packl.history


class TestAdding:
    def test_records_what_goes_together_with_the_installed_version(self, bench, packl, released):
        stable, early = released("1.4.2"), released("0.3.1")
        found = add_dependencies(packl, bench, {stable: "", early: ">=0.2"}, "both")
        assert list(map(str, found)) == [f"{stable}<2,>=1.4.2", f"{early}>=0.2"]
        assert packl.requirements() == found
        assert bench.installed()[normal(early)] == "0.3.1"
        (edit,) = packl.history
        assert (edit.action, edit.comment, list(edit.changes)) == ("add", "both", ["dependencies"])
        text = packl.file.read_text()
        assert "# Ask Bob!\ndependencies   = [" in text

    def test_under_an_extra_is_installed_for_who_edits(self, bench, packl, released):
        editor = released("2.0")
        add_dependency(packl, bench, editor, "", "to look at it", extra="edit")
        assert packl.requirements() == []
        assert list(map(str, packl.requirements("edit"))) == [f"{editor}<3,>=2.0"]
        assert bench.installed()[normal(editor)] == "2.0"
        (edit,) = packl.history
        assert edit.changes == {
            "optional-dependencies": {"from": None, "to": {"edit": [f"{editor}<3,>=2.0"]}}
        }

    def test_keeps_the_extras_of_what_it_adds(self, bench, packl, released):
        name = released("1.0")
        assert str(add_dependency(packl, bench, f"{name}[fast]", "==1.0")) == f"{name}[fast]==1.0"

    def test_one_that_is_there_changes_its_versions(self, bench, packl, released):
        name = released("1.0", "1.1")
        add_dependency(packl, bench, name, "<1.1")
        assert bench.installed()[normal(name)] == "1.0"
        add_dependency(packl, bench, normal(name).upper(), ">=1.1", "its new neck")
        assert bench.installed()[normal(name)] == "1.1"
        assert len(packl.requirements()) == 1
        assert [edit.comment for edit in packl.history] == ["", "its new neck"]

    def test_all_or_none(self, bench, packl, released):
        name = released("1.0")
        before = state(packl)
        with pytest.raises(InstallError) as error:
            add_dependencies(packl, bench, {name: "", "no-such-packl-at-all": ""})
        assert "no-such-packl-at-all" in error.value.context
        assert state(packl) == before
        assert normal(name) not in bench.installed()

    @pytest.mark.parametrize(
        ("name", "versions", "message"),
        [
            ("", "", "'' with the versions '' is no requirement."),
            ("a b", "", "'a b' with the versions '' is no requirement."),
            ("rig", "newest", "'rig' with the versions 'newest' is no requirement."),
            ("-e .", "", "'-e .' with the versions '' is no requirement."),
            ("../rig", "", "'../rig' with the versions '' is no requirement."),
            (
                "rig @ https://example.org/rig.whl",
                "",
                "A packl depends on names and versions in the project's index, never on addresses.",
            ),
        ],
    )
    def test_what_makes_no_sense_is_an_error(self, bench, packl, name, versions, message):
        before = state(packl)
        with pytest.raises(PacklError) as error:
            add_dependency(packl, bench, name, versions)
        assert error.value.message == message
        assert error.value.hint.startswith("For example: pipl packl add ")
        assert state(packl) == before

    def test_itself_is_an_error(self, bench, packl):
        with pytest.raises(PacklError) as error:
            add_dependency(packl, bench, normal(packl.name).upper())
        assert error.value.message == f"{packl.name} cannot depend on itself."


class TestRemoving:
    def test_uninstalls_what_nothing_else_needs(self, bench, packl, released):
        inner = released("1.0")
        outer = released("1.0", dependencies=[inner])
        add_dependency(packl, bench, outer)
        add_dependency(packl, bench, inner)
        remove_dependency(packl, bench, inner, "it comes by itself")
        assert normal(inner) in bench.installed()
        remove_dependency(packl, bench, outer)
        assert normal(outer) not in bench.installed()
        assert packl.requirements() == []
        assert [edit.action for edit in packl.history] == ["add", "add", "remove", "remove"]

    def test_keeps_what_the_workspace_itself_asked_for(self, bench, packl, released):
        name = released("1.0")
        bench.install([name])
        add_dependency(packl, bench, name)
        remove_dependency(packl, bench, name)
        assert normal(name) in bench.installed()

    def test_keeps_what_another_packl_in_edition_needs(
        self, bench, packl, released, throw_away_packl, unique
    ):
        name = released("1.0")
        throw_away_packl(bench, unique("other"), dependencies=[name])
        add_dependency(packl, bench, name)
        remove_dependency(packl, bench, name)
        assert normal(name) in bench.installed()

    def test_under_an_extra_leaves_the_others(self, bench, packl, released):
        name = released("1.0")
        add_dependency(packl, bench, name, extra="edit")
        with pytest.raises(NotFoundError) as error:
            remove_dependency(packl, bench, name)
        assert error.value.message == f"{packl.name} does not depend on {name!r}."
        assert error.value.hint == "It depends on nothing."
        removed = remove_dependency(packl, bench, name, extra="edit")
        assert str(removed) == f"{name}<2,>=1.0"
        assert packl.requirements("edit") == []
        assert normal(name) not in bench.installed()

    def test_what_it_does_not_depend_on_is_an_error(self, bench, packl, released):
        name = released("1.0")
        add_dependency(packl, bench, name)
        before = state(packl)
        with pytest.raises(NotFoundError) as error:
            remove_dependency(packl, bench, "other")
        assert error.value.hint == f"It depends on {name}."
        assert state(packl) == before


class TestThirdParty:
    def test_is_what_the_project_does_not_have(self, bench, packl, released):
        name = released("1.0")
        asked = [normal(name).upper(), "no-such-packl-at-all", packl.name]
        assert bench.third_party(asked) == ["no-such-packl-at-all"]
        assert bench.third_party([]) == []
