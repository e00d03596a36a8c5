from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipl_envset import (
    Alias,
    Append,
    EnvSet,
    EnvSetError,
    Prepend,
    Set,
    ShortName,
    Step,
    Tool,
    ToolState,
    Variable,
    resolve,
)


def envset(name, *changes, tool=None, tool_changes=()):
    class Some(EnvSet):
        def changes(self):
            return changes

        def tool_changes(self):
            return self.for_tool

    Some.tool = tool
    Some.for_tool = tool_changes
    return Some(name)


def steps(packl, **done):
    """Return a variable by what one packl does to it."""
    return Variable([Step(action, value, packl) for action, value in done.items()])


@pytest.fixture
def program(tmp_path):
    """A function that writes a program which prints its version."""

    def program(name, version):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\necho {name} {version}\n")
        path.chmod(0o755)
        return str(path)

    return program


posix = pytest.mark.skipif(sys.platform == "win32", reason="programs of another kind")


def test_nothing_adds_up_to_nothing():
    environment = resolve([])
    assert (environment.variables, environment.aliases) == ({}, {})


def test_later_envsets_lie_around_earlier_ones():
    environment = resolve(
        [
            envset("base", Set("ROOT", "/base"), Prepend("PATH", "b1"), Append("PATH", "b9")),
            envset("show", Prepend("PATH", "s1"), Append("PATH", "s9"), Alias("ll", "ls -l")),
        ]
    )
    assert environment.variables == {
        "ROOT": steps("base", set="/base"),
        "PATH": Variable(
            [
                Step("prepend", "b1", "base"),
                Step("append", "b9", "base"),
                Step("prepend", "s1", "show"),
                Step("append", "s9", "show"),
            ]
        ),
    }
    assert [step.value for step in environment.variables["PATH"].before] == ["s1", "b1"]
    assert [step.value for step in environment.variables["PATH"].after] == ["b9", "s9"]
    assert environment.aliases == {"ll": ShortName("ls -l", "show")}


def test_a_value_may_be_computed():
    environment = resolve([envset("a", Set("X", lambda: "computed"))])
    assert environment.variables["X"] == steps("a", set="computed")


def test_a_value_may_be_computed_from_what_was_there_before():
    environment = resolve(
        [
            envset("a", Set("X", "1")),
            envset("b", Set("Y", lambda c: c.environment.variables["X"].applied_to(None) + "2")),
        ]
    )
    assert environment.variables["Y"] == steps("b", set="12")


def test_a_value_may_be_computed_from_other_packls(environment):
    environment.install("other-packl", version="2.1")
    made = resolve([envset("a", Set("OTHER", lambda c: c.packls.get("other-packl", "none")))])
    assert made.variables["OTHER"] == steps("a", set="2.1")


class Computed:
    """Anything that can be called will do, whatever names its argument has."""

    def __call__(self, surroundings):
        return ",".join(sorted(surroundings.tools))


def test_a_value_may_be_any_callable():
    made = resolve([envset("a", Set("X", Computed()), Set("Y", str), Set("Z", lambda *_: "z"))])
    assert [made.variables[name].applied_to(None) for name in "XYZ"] == ["", "", "z"]


def test_two_may_set_a_variable_to_the_same():
    environment = resolve([envset("a", Set("X", "1")), envset("b", Set("X", "1"))])
    assert environment.variables["X"] == Variable([Step("set", "1", "a"), Step("set", "1", "b")])


def test_one_may_set_a_variable_again():
    environment = resolve([envset("a", Set("X", "1"), Set("X", "2"))])
    assert environment.variables["X"].applied_to(None) == "2"
    with pytest.raises(EnvSetError, match=r"\ATwo EnvSets set X differently: a and b\."):
        resolve([envset("a", Set("X", "1"), Set("X", "2")), envset("b", Set("X", "1"))])


def test_two_that_set_a_variable_differently_are_both_named_and_nobody_else():
    envsets = [
        envset("z", Prepend("X", "0")),
        envset("a", Set("X", "1")),
        envset("c", Set("X", "1")),
        envset("b", Set("X", "2")),
    ]
    with pytest.raises(EnvSetError) as error:
        resolve(envsets)
    assert error.value.message == "Two EnvSets set X differently: c and b."
    assert error.value.context == "'1' and '2'."
    assert error.value.hint == "Remove one of them from the workspace."


@pytest.mark.parametrize("name", ["", "1X", "A-B", "A B", "X=1", "x;rm", "A\n", "$(x)", "ä"])
@pytest.mark.parametrize("change", [Set, Prepend, Append, Alias])
def test_a_name_that_no_shell_takes_is_an_error(change, name):
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", change(name, "v"))])
    what = "an alias" if change is Alias else "a variable"
    assert error.value.message == f"{name!r} of the EnvSet a cannot be the name of {what}."


@pytest.mark.parametrize("value", [5, None, Path("x"), "nu\0ll", ["a"]])
@pytest.mark.parametrize("change", [Set, Prepend, Append, Alias])
def test_a_value_that_is_no_text_is_an_error(change, value):
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", change("X", value))])
    assert error.value.message == f"X of the EnvSet a cannot become {value!r:.100}."


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda: sys.exit(0), "SystemExit: 0"),  # else it would pass for one that is done
    ],
)
def test_an_envset_that_fails_is_named(value, why):
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", Set("X", value))])
    assert error.value.message == "The EnvSet a could not say what it changes."
    assert error.value.context == why


def test_a_change_that_is_none_is_named():
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", "PATH")])
    assert error.value.message == "The EnvSet a could not say what it changes."
    assert error.value.context == "TypeError: 'PATH' is no change"


class TestAliases:
    def test_two_may_give_one_alike(self):
        made = resolve([envset("a", Alias("ll", "ls -l")), envset("b", Alias("ll", "ls -l"))])
        assert made.aliases == {"ll": ShortName("ls -l", "b")}

    def test_two_that_give_one_differently_are_named(self):
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", Alias("ll", "ls -l")), envset("b", Alias("ll", "dir"))])
        assert error.value.message == "Two EnvSets give the alias ll differently: a and b."
        assert error.value.context == "'ls -l' and 'dir'."

    def test_that_hide_a_tool_s_command_are_an_error(self, environment):
        tool = Tool("pen", search=["/nowhere"], commands=["draw"])
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", tool=tool), envset("b", Alias("draw", "x"))])
        assert error.value.message == "Two EnvSets give the command draw: a and b."


@posix
class TestTools:
    def test_are_found_with_their_version(self, environment, program):
        pen = program("pen", "3.4.1")
        tool = Tool("pen", requires=">=3.4,<4", search=[pen])
        made = resolve([envset("pen_env", tool=tool)])
        assert made.tools == {
            "pen": ToolState("pen_env", ">=3.4,<4", pen, "3.4.1", {"pen": [pen]}),
        }
        assert made.missing == {}

    def test_give_values_to_the_environment_and_to_their_commands_alone(
        self, environment, program, tmp_path
    ):
        pen = program("pen", "3.4.1")
        made = resolve(
            [
                envset(
                    "pen_env",
                    Set("PEN_ROOT", lambda c: str(c.tool.folder)),
                    tool=Tool("pen", search=[pen]),
                    tool_changes=[Prepend("PYTHONPATH", lambda c: f"/py/{c.tool.version}")],
                ),
                envset("ink_env", Set("INK", lambda c: c.tools["pen"].version)),
            ]
        )
        assert made.variables == {
            "PEN_ROOT": steps("pen_env", set=str(tmp_path)),
            "INK": steps("ink_env", set="3.4.1"),
        }
        assert made.tools["pen"].variables == {"PYTHONPATH": steps("pen_env", prepend="/py/3.4.1")}

    def test_that_are_missing_leave_out_what_needs_them(self, environment):
        made = resolve(
            [
                envset(
                    "pen_env",
                    Set("PEN_ROOT", lambda c: str(c.tool.folder)),
                    Set("PEN_COLOUR", "blue"),
                    tool=Tool("pen", ">=3", search=["/nowhere/pen"], commands=["pen", "ink"]),
                    tool_changes=[Set("INSIDE", lambda c: c.tool.version)],
                )
            ]
        )
        assert made.variables == {"PEN_COLOUR": steps("pen_env", set="blue")}
        assert made.tools == {
            "pen": ToolState(
                "pen_env",
                ">=3",
                commands={"pen": [], "ink": []},
                problem=(
                    "The tool pen >=3 of pen_env was not found.\n"
                    "/nowhere/pen: nothing there\n"
                    'Install it, or say where it is: pen = "/path/of/pen" below [config.tools] '
                    "in the project's pipl.toml. Then `pipl work sync`."
                ),
            )
        }

    def test_have_several_commands(self, environment, program, tmp_path):
        pen, ink = program("pen", "1.0"), program("ink", "1.0")
        tool = Tool("pen", search=[pen], commands={"pen": ["-q"], "ink": [], "gone": ["x"]})
        made = resolve([envset("pen_env", tool=tool)])
        assert made.tools["pen"].commands == {"pen": [pen, "-q"], "ink": [ink], "gone": []}

    def test_can_be_extended_by_another_env_set(self, environment, program):
        made = resolve(
            [
                envset("pen_env", tool=Tool("pen", search=[program("pen", "1.0")])),
                envset(
                    "ink_env",
                    Set("INK", lambda c: c.tool.version),
                    tool="pen",
                    tool_changes=[Append("PLUGINS", "/ink")],
                ),
            ]
        )
        assert made.variables == {"INK": steps("ink_env", set="1.0")}
        assert made.tools["pen"].variables == {"PLUGINS": steps("ink_env", append="/ink")}

    def test_that_no_other_env_set_gives_cannot_be_extended(self, environment):
        with pytest.raises(EnvSetError) as error:
            resolve([envset("ink_env", tool="pen")])
        assert error.value.message == (
            "The EnvSet ink_env is for the tool 'pen', which no other one gives."
        )

    def test_that_two_give_are_an_error(self, environment):
        tool = Tool("pen", search=["/nowhere"])
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", tool=tool), envset("b", tool=tool)])
        assert error.value.message == "Two EnvSets give the tool pen: a and b."
        assert error.value.hint == (
            'Let one depend on the other and say tool = "pen", or remove one.'
        )

    def test_whose_commands_clash_are_an_error(self, environment):
        one = Tool("pen", search=["/nowhere"], commands=["draw"])
        other = Tool("ink", search=["/nowhere"], commands=["draw"])
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", tool=one), envset("b", tool=other)])
        assert error.value.message == "Two EnvSets give the command draw: a and b."

    @pytest.mark.parametrize("name", ["", "../x", "a b", "-x", "a/b", "a\n", ".hidden"])
    def test_whose_commands_cannot_be_programs_are_an_error(self, environment, name):
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", tool=Tool("pen", search=["/nowhere"], commands=[name]))])
        assert error.value.message == f"{name!r} of the EnvSet a cannot be the name of a command."

    def test_are_not_asked_for_by_env_sets_without_one(self):
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", Set("X", lambda c: c.tool.version))])
        assert error.value.context == "The EnvSet a has no tool."
        assert error.value.hint == "Declare one: tool = Tool(…)."

    @pytest.mark.parametrize("change", [Set("X", "1"), Alias("x", "y")])
    def test_alone_have_changes_of_their_own(self, change):
        with pytest.raises(EnvSetError) as error:
            resolve([envset("a", tool_changes=[change])])
        assert error.value.message == f"The EnvSet a gives {change.name} to the commands of a tool."


class TestDeclaring:
    def test_versions_that_are_none_are_an_error(self):
        with pytest.raises(EnvSetError) as error:
            Tool("pen", requires="3.4 or so")
        assert error.value.message == (
            "The tool 'pen' requires '3.4 or so', which names no versions."
        )

    def test_versions_that_nothing_tells_are_an_error(self):
        with pytest.raises(EnvSetError) as error:
            Tool("pen", requires=">=3", version=None)
        assert error.value.message == "The tool 'pen' requires >=3, but nothing tells its version."

    @pytest.mark.parametrize("arguments", [{"search": "pen"}, {"commands": "pen"}])
    def test_a_text_instead_of_a_list_is_an_error(self, arguments):
        with pytest.raises(EnvSetError) as error:
            Tool("pen", **arguments)
        assert error.value.message == "`search` and `commands` of the tool 'pen' must be lists."

    def test_places_are_those_of_the_platform(self, monkeypatch):
        tool = Tool("pen", search={"linux": ["/l"], "macos": ["/m"]})
        found = []
        for platform in ("linux", "darwin", "win32"):
            monkeypatch.setattr(sys, "platform", platform)
            found.append(tool.places())
        assert found == [["/l"], ["/m"], ["pen"]]
