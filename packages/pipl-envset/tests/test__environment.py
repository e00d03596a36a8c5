from __future__ import annotations

from pathlib import Path

import pytest

from pipl_envset import Alias, Append, EnvSet, EnvSetError, Prepend, Set, Variable, resolve


def envset(name, *changes):
    class Some(EnvSet):
        def changes(self):
            return changes

    return Some(name)


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
        "ROOT": Variable("/base", packls=["base"]),
        "PATH": Variable(None, ["s1", "b1"], ["b9", "s9"], ["base", "show"]),
    }
    assert environment.aliases == {"ll": "ls -l"}


def test_a_value_may_be_computed():
    environment = resolve([envset("a", Set("X", lambda: "computed"))])
    assert environment.variables["X"].value == "computed"


def test_two_may_set_a_variable_to_the_same():
    environment = resolve([envset("a", Set("X", "1")), envset("b", Set("X", "1"))])
    assert environment.variables["X"] == Variable("1", packls=["a", "b"])


def test_two_that_set_a_variable_differently_are_both_named_and_nobody_else():
    envsets = [
        envset("z", Prepend("X", "0")),
        envset("a", Set("X", "1")),
        envset("c", Set("X", "1")),
        envset("b", Set("X", "2")),
    ]
    with pytest.raises(EnvSetError) as error:
        resolve(envsets)
    assert error.value.message == "Two EnvSets set X differently: a and b."
    assert error.value.context == "'1' and '2'."
    assert error.value.hint == "Remove one of them from the workspace."


@pytest.mark.parametrize("name", ["", "1X", "A-B", "A B", "X=1", "x;rm", "A\n", "$(x)", "ä"])
@pytest.mark.parametrize("change", [Set, Prepend, Append, Alias])
def test_a_name_that_no_shell_takes_is_an_error(change, name):
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", change(name, "v"))])
    assert error.value.message == (f"{name!r} of the EnvSet a cannot be the name of a variable.")


@pytest.mark.parametrize("value", [5, None, Path("x"), "nu\0ll", ["a"]])
@pytest.mark.parametrize("change", [Set, Prepend, Append, Alias])
def test_a_value_that_is_no_text_is_an_error(change, value):
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", change("X", value))])
    assert error.value.message == f"X of the EnvSet a cannot become {value!r:.100}."


def test_an_envset_that_fails_is_named():
    with pytest.raises(EnvSetError) as error:
        resolve([envset("a", Set("X", lambda: 1 / 0))])
    assert error.value.message == "The EnvSet a could not say what it changes."
    assert error.value.context == "ZeroDivisionError: division by zero"
