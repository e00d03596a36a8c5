"""Sentences for people, from what real installers say of a real index, and from kept texts."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import InstallError, Packl, Workspace
from pipl_core._conflict_text import Ask, facts_in
from pipl_core.conflicts import CHECK, YOU, explained_conflict
from pipl_core.environments import VirtualEnvironment
from pipl_core.installers import PLAIN_HINT, PipInstaller
from pipl_hooks import InstallRequest
from pipl_testing import release_wheel, write_wheel

pytestmark = [pytest.mark.needs_tools]

UNCHANGED = "Nothing was changed."
RELEASES = (
    ("c_rig", "1.0", (), ""),
    ("c_rig", "2.0", (), ""),
    ("c_crowd", "1.3", ("c_rig<2",), ""),
    ("c_crowd", "1.4", ("c_rig>=2",), ""),
    ("c_crowd", "1.5", ("c_rig>=2",), ""),
    ("c_set", "1.0", ("c_rig<2",), ""),
    ("c_mid", "1.0", ("c_crowd>=1.4",), ""),
    ("c_new", "1.0", (), ""),
    ("c_new", "2.0rc1", (), ""),
    ("c_future", "1.0", (), ">=3.99"),
    ("c_needs_future", "1.0", ("c_future",), ""),
    ("c_needs_gone", "1.0", ("c_gone>=1",), ""),
)


@pytest.fixture(scope="session")
def released(running_project, tmp_path_factory):
    """Releases that do not all go together."""
    folder = tmp_path_factory.mktemp("conflicts")
    for name, version, requires, python in RELEASES:
        headers = [f"Requires-Python: {python}"] if python else []
        wheel = write_wheel(folder, name, version, requires=requires, headers=headers)
        release_wheel(running_project, wheel)


def _python():
    return ".".join(map(str, sys.version_info[:3]))


@pytest.mark.slow
class TestOfUv:
    @pytest.mark.parametrize(
        ("wanted", "message", "hint"),
        [
            pytest.param(
                ("c_rig<2", "c_crowd>=1.4"),
                "You ask for c_rig<2, but c-crowd>=1.4 (which you ask for) asks for c-rig>=2.",
                f"Ask for c-crowd<1.4, or ask for another c_rig. {UNCHANGED}",
                id="direct",
            ),
            pytest.param(
                ("c_mid", "c_rig<2"),
                "You ask for c_rig<2, but c-crowd>=1.4 (which c-mid asks for, which you ask for) "
                "asks for c-rig>=2.",
                f"Ask for c-crowd<1.4, or ask for another c_rig. {UNCHANGED}",
                id="through a third",
            ),
            pytest.param(
                ("c_mid", "c_set"),
                "c-crowd>=1.4 (which c-mid asks for, which you ask for) asks for c-rig>=2, but "
                "every version of c-set (which you ask for) asks for c-rig<2.",
                "Release a c-set that does not ask for c-rig<2, or ask for c-crowd<1.4. "
                + UNCHANGED,
                id="two others",
            ),
            pytest.param(
                ("c_rig<2", "c_rig>=2"),
                "You ask for c_rig<2 and for c_rig>=2.",
                f"Ask for another c_rig. {UNCHANGED}",
                id="with oneself",
            ),
            pytest.param(
                ("c_rig>=3",),
                "You ask for c_rig>=3, but there is only c-rig<=2.0.",
                CHECK,
                id="newer",
            ),
            pytest.param(
                ("c_rig==1.7",),
                "You ask for c_rig==1.7, which does not exist.",
                CHECK,
                id="no such version",
            ),
            pytest.param(
                ("c_gone",),
                "You ask for c_gone, which the project does not have.",
                CHECK,
                id="no such name",
            ),
            pytest.param(
                ("c_needs_gone",),
                "Every version of c-needs-gone (which you ask for) asks for c-gone>=1, "
                "which the project does not have.",
                CHECK,
                id="no such name, through another",
            ),
            pytest.param(
                ("c_needs_future",),
                "Every version of c-needs-future (which you ask for) asks for c-future, "
                f"but c-future 1.0 needs Python >=3.99, not {_python()}.",
                "Make a workspace with such a Python, `pipl work create NAME --python`, or ask "
                f"for another version of c-future. {UNCHANGED}",
                id="Python too old",
            ),
            pytest.param(
                ("c_new>=2",),
                "You ask for c_new>=2, but there is only c-new<=2.0rc1.",
                "2.0rc1 is a release candidate: ask for c-new>=2.0rc1 to take it.",
                id="only a candidate",
            ),
        ],
    )
    def test_are_sentences(self, released, shared_workspace, wanted, message, hint):
        before = shared_workspace.installed()
        with pytest.raises(InstallError) as error:
            shared_workspace.environment.install(wanted)
        assert (error.value.message, error.value.hint) == (message, hint)
        assert "we can conclude that" in " ".join(error.value.context.split())
        assert shared_workspace.installed() == before

    @pytest.mark.parametrize(
        ("wanted", "constraint", "message", "hint"),
        [
            pytest.param(
                "c_rig>=2",
                "c_rig<2",
                "The project allows only c_rig<2 (pipl.toml), but you ask for c_rig>=2.",
                "Ask for another c_rig, or loosen c_rig<2 in pipl.toml.",
                id="direct",
            ),
            pytest.param(
                "c_mid",
                "c_rig~=1.0",
                "The project allows only c_rig~=1.0 (pipl.toml), but c-crowd>=1.4 (which c-mid asks "
                "for, which you ask for) asks for c-rig>=2.",
                "Ask for c-crowd<1.4, or loosen c_rig~=1.0 in pipl.toml.",
                id="through others",
            ),
            pytest.param(
                "c_set",
                "c_rig<0",
                "The project allows no c_rig (c_rig<0 in pipl.toml), but c-set 1.0 (which you ask "
                "for) asks for it.",
                "Ask for another c-set, or loosen c_rig<0 in pipl.toml.",
                id="never, through another",
            ),
            pytest.param(
                "c_rig",
                "c_rig<0",
                "The project allows no c_rig (c_rig<0 in pipl.toml), but you ask for it.",
                "Do without c_rig, or loosen c_rig<0 in pipl.toml.",
                id="never",
            ),
            pytest.param(
                "c_rig==2.0",
                "c_rig!=2.0",
                "The project allows only c_rig!=2.0 (pipl.toml), but you ask for c_rig==2.0.",
                "Ask for another c_rig, or loosen c_rig!=2.0 in pipl.toml.",
                id="all but one",
            ),
            pytest.param(
                "c_crowd>=1.4",
                "c_rig!=2.0",
                "The project allows only c_rig!=2.0 (pipl.toml), and c-crowd>=1.4 (which you ask "
                "for) asks for c-rig>=2: nothing that was released is both.",
                "Ask for c-crowd<1.4, or loosen c_rig!=2.0 in pipl.toml.",
                id="all but one, through another",
            ),
            pytest.param(
                "c_set",
                "c_rig!=1.0, !=2.0",
                "The project allows only c_rig!=1.0, !=2.0 (pipl.toml), and every version of c-set "
                "(which you ask for) asks for c-rig<2: nothing that was released is both.",
                "Release a c-set that does not ask for c-rig<2, or loosen c_rig!=1.0, !=2.0 in "
                "pipl.toml.",
                id="all but those there are",
            ),
            pytest.param(
                "c_rig",
                "c_rig>=3",
                "The project allows only c_rig>=3 (pipl.toml), but there is only c-rig<=2.0.",
                CHECK,
                id="newer",
            ),
            pytest.param(
                "c_rig",
                "c_rig==1.7",
                "The project allows only c_rig==1.7 (pipl.toml), which does not exist.",
                CHECK,
                id="no such version",
            ),
            pytest.param(
                "c_needs_gone",
                "c_gone<2",
                "Every version of c-needs-gone (which you ask for) asks for c-gone>=1, "
                "which the project does not have.",
                CHECK,
                id="no such name",
            ),
        ],
    )
    def test_name_the_project_s_constraint(
        self, released, shared_workspace, wanted, constraint, message, hint
    ):
        with pytest.raises(InstallError) as error:
            shared_workspace.environment.install([wanted], constraints=[constraint])
        assert error.value.message == message
        assert error.value.hint.removesuffix(UNCHANGED).strip() == hint

    def test_name_who_asks_in_the_workspace(self, released, workspace, throw_away_packl):
        workspace.install(["c_rig<2"])
        workspace_file = workspace.folder / "workspace.toml"
        before = workspace_file.read_text()
        with pytest.raises(InstallError) as error:
            workspace.install(["c_rig>=2", "c_set"])
        assert error.value.message == (
            "You ask for c_rig>=2, but every version of c-set (which you ask for) asks for c-rig<2."
        )
        throw_away_packl(workspace, "shot", dependencies=["c_mid>=1"])
        with pytest.raises(InstallError) as error:
            workspace.sync()
        assert error.value.message == (
            "workspace.toml asks for c_rig<2, but c-crowd>=1.4 (which c-mid asks for, "
            "which shot asks for) asks for c-rig>=2."
        )
        assert error.value.hint == (
            f"Ask for c-crowd<1.4, or widen what workspace.toml asks for of c_rig. {UNCHANGED}"
        )
        assert workspace_file.read_text() == before

    def test_tell_of_the_pipeline_of_the_project(self, released, running_project):
        with pytest.raises(InstallError) as error:
            Workspace.create(running_project, "conflicts", requirements=["pipl-pipe>=99"])
        assert error.value.message == (
            "You ask for pipl-pipe>=99, but there is only pipl-pipe==0.1.0."
        )

    def test_stay_when_something_else_stands_already(self, released, workspace):
        packl = Packl.create(workspace, "c_tool")
        text = packl.file.read_text()
        packl.file.write_text(text.replace("dependencies = []", 'dependencies = ["c_rig>=9"]'))
        with pytest.raises(InstallError) as error:
            workspace.bring_up_to_date("c_tool depends on c_rig now")
        assert error.value.message == (
            "c_tool depends on c_rig now, but the environment could not be brought up to date."
        )
        assert error.value.context.splitlines()[0] == (
            "c_tool asks for c_rig>=9, but there is only c-rig<=2.0."
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "constraints", "message"),
    [
        (
            ("c_rig<2", "c_crowd>=1.4"),
            (),
            "You ask for c_rig<2, but each of c-crowd 1.5, 1.4 asks for c-rig>=2.",
        ),
        (
            ("c_crowd>=1.4",),
            ("c_rig<2",),
            (
                "The project allows only c_rig<2 (pipl.toml), "
                "but each of c-crowd 1.5, 1.4 asks for c-rig>=2."
            ),
        ),
        (
            ("c_set",),
            ("c_rig<0",),
            "The project allows no c_rig (c_rig<0 in pipl.toml), but c-set 1.0 asks for c-rig<2.",
        ),
        (
            ("c_crowd>=1.4",),
            ("c_rig!=2.0",),
            (
                "The project allows only c_rig!=2.0 (pipl.toml), "
                "and c-crowd 1.5 asks for c-rig>=2: nothing that was released is both."
            ),
        ),
        (
            ("c_rig",),
            ("c_rig<2", "c_rig>=2"),
            (
                "The project allows no c_rig (c_rig<2 and c_rig>=2 in pipl.toml), "
                "but you ask for c_rig."
            ),
        ),
        (
            ("c_rig",),
            ("c_rig==1.7",),
            "The project allows only c_rig==1.7 (pipl.toml), which does not exist.",
        ),
    ],
)
def test_of_pip_are_sentences_too(
    released, running_project, tmp_path, wanted, constraints, message
):
    environment = VirtualEnvironment(tmp_path / ".venv", running_project)
    import virtualenv

    virtualenv.cli_run([str(environment.folder), "--quiet", "--no-periodic-update"])
    request = InstallRequest(
        environment.python, running_project.install_url, wanted, constraints=constraints
    )
    with pytest.raises(InstallError) as error:
        PipInstaller().install(request)
    found = explained_conflict(error.value, dict.fromkeys(wanted, YOU), constraints)
    assert found.message == message


ONE_OF = """\
error: No solution found when resolving dependencies
  cause: Because all versions of crowd depend on one of:
             rig<1.0
             rig>1.0,<2.0
             rig>2.0
         and you require rig==2.0, we can conclude that you require crowd and rig is impossible.
"""


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        (ONE_OF, "!=1.0, !=2.0"),
        (ONE_OF.replace(",<2.0", ",<1.5"), ""),
        (ONE_OF.replace("rig>1.0,<2.0", "rig==1.5"), ""),
    ],
)
def test_alternatives_are_read(text, versions):
    asks = [ask for ask in facts_in(text).asks if ask.by == "crowd"]
    assert asks == [Ask("rig", versions, "crowd", "")]


def _explained(text, *requirements):
    error = InstallError("The packls could not be installed.", context=text, hint="Look.")
    found = explained_conflict(error, dict.fromkeys(requirements, YOU))
    assert found.context == text
    return found


OLD_UV = """\
  x No solution found when resolving dependencies:
  ╰─▶ Because all versions of crowd-lib depend on hero-rig>=2 and mid-lib==1.0
      depends on crowd-lib, we can conclude that mid-lib==1.0 depends on
      hero-rig>=2.
      And because only mid-lib==1.0 is available, we can conclude that all
      versions of mid-lib depend on hero-rig>=2.
      And because you require hero-rig<2 and mid-lib, we can conclude that
      your requirements are unsatisfiable.
"""
YANKED = """\
error: No solution found when resolving dependencies
  cause: Because rig==1.0 was yanked (reason: no neck, and no hair) and only rig==1.0 is available,
         we can conclude that all versions of rig cannot be used.
         And because you require rig, we can conclude that your requirements are unsatisfiable.
"""
BOTH_YANKED_AND_NEWER = """\
error: No solution found when resolving dependencies
  cause: Because rig==1.0 was yanked (reason: no neck) and only rig<=2.0 is available,
         we can conclude that all versions of rig cannot be used.
         And because you require rig>3, we can conclude that your requirements are unsatisfiable.
"""
PIP_HEAD = "ERROR: Ignored the following {}\nERROR: Could not find a version that satisfies the requirement "
PIP_YANKED = (
    PIP_HEAD.format("yanked versions: 1.0, 1.1")
    + "rig>=1 (from crowd->legs) (from versions: none)\nERROR: No matching distribution found for rig>=1"
)
PIP_PYTHON = (
    PIP_HEAD.format("versions that require a different python version: 1.0 Requires-Python >=3.99")
    + "rig (from versions: none)\nERROR: No matching distribution found for rig"
)
PIP_GONE = (
    "ERROR: Could not find a version that satisfies the requirement gone (from versions: none)\n"
    "ERROR: No matching distribution found for gone"
)
PIP_OLD = (
    "ERROR: Could not find a version that satisfies the requirement rig==7 (from versions: 1.0, 2.0)\n"
    "ERROR: No matching distribution found for rig==7"
)


@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        (
            OLD_UV,
            ("hero_rig<2", "mid_lib"),
            (
                "You ask for hero_rig<2, but every version of crowd-lib (which mid-lib asks for, "
                "which you ask for) asks for hero-rig>=2."
            ),
        ),
        (YANKED, ("rig",), "You ask for rig, but rig 1.0 was withdrawn (no neck, and no hair)."),
        (BOTH_YANKED_AND_NEWER, ("rig>3",), "You ask for rig>3, but there is only rig<=2.0."),
        (PIP_YANKED, ("crowd",), "legs asks for rig>=1, but rig 1.0 was withdrawn."),
        (PIP_PYTHON, ("rig",), "You ask for rig, but rig 1.0 needs Python >=3.99."),
        (PIP_GONE, ("gone",), "You ask for gone, which the project does not have."),
        (PIP_OLD, ("rig==7",), "You ask for rig==7, but there is only rig<=2.0."),
        (
            PIP_OLD,
            ("/x/my_rig-1.0-py3-none-any.whl",),
            "You ask for rig==7, but there is only rig<=2.0.",
        ),
    ],
)
def test_kept_texts(text, wanted, message):
    assert _explained(text, *wanted).message == message


def test_the_installer_s_own_hint_may_know_more():
    assert _explained(PIP_GONE, "gone").hint == "Look."
    error = InstallError("No.", context=PIP_GONE, hint=PLAIN_HINT)
    assert explained_conflict(error, {}).hint == CHECK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "error: No solution found\n  cause: Because the moon is full, we can conclude that no.",
        "Because all versions of a depend on b>=2 and you require b, we can conclude that no.",
        "ERROR: Cannot install a and b because these package versions have conflicting dependencies.",
        "ERROR: Could not find a version that satisfies the requirement >< (from versions: none)",
        "error: Failed to build `rig==1.0`",
    ],
)
def test_other_words_stay_as_they_are(text):
    found = _explained(text, "b", "not a requirement", "x.whl")
    assert (found.message, found.hint) == ("The packls could not be installed.", "Look.")


HUGE = "1" * 5000
WORDS = st.sampled_from(
    [
        *("Because ", "And because ", " and ", ", we can conclude that no.\n", "you require "),
        *("all versions of ", " depend on ", " depends on ", "only ", " is available", "error: "),
        *("there is no version of ", " was not found in the package registry", "ERROR: "),
        *(" was yanked (reason: ", ")", "the current Python version (3.9) does not satisfy Python"),
        *("a", "a[x]", "b-c", "Python", "==1.0", ">=2,<3", "<1.*", "===x", f">={HUGE}", "~=1"),
        "\n    The user requested ",
        "\n    a 1.0 depends on ",
        "Could not find a version that satisfies the requirement ",
        " (from a->b) (from versions: ",
        " depends on one of: a<1 a>1",
        "only the following versions of a are available: a==1.0 b==2",
        "Ignored the following yanked versions: ",
        " Requires-Python ",
    ]
)


@given(st.lists(WORDS | st.text(max_size=5), max_size=40).map("".join))
def test_any_words_leave_an_error(text):
    found = _explained(text, "a>=1", f"b-c<{HUGE}", "x y z")
    assert found.message
    assert found.hint
