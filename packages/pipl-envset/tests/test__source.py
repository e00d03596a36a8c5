"""Setup scripts of vendors, really run."""

from __future__ import annotations

import sys

import pytest

from pipl_envset import EnvSet, EnvSetError, Prepend, Set, Source, Step, resolve
from pipl_envset._source import _batch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="another shell")


@pytest.fixture
def sourced(tmp_path):
    """A function that writes a script, and returns what an EnvSet takes over from it."""

    def sourced(text, *arguments, before=(), reader="sh"):
        script = tmp_path / "it's setup.sh"
        script.write_text(text, encoding="utf-8")

        class Some(EnvSet):
            def changes(self):
                yield from before
                yield Source(lambda: str(script), *arguments, reader=reader)

        variables = resolve([Some("some")]).variables
        found = {}
        for name, variable in variables.items():
            taken = [step for step in variable.steps if step.origin]
            assert all(step.origin == str(script) for step in taken)
            if taken:
                found[name] = [(step.action, step.value) for step in taken]
        return found

    return sourced


def test_what_it_exports_is_set(sourced):
    text = "export A=1\nB=2\nexport C='two\nlines\n'\nexport D=\n"
    assert sourced(text) == {
        "A": [("set", "1")],
        "C": [("set", "two\nlines\n")],
        "D": [("set", "")],
    }


def test_what_was_there_is_not_taken(sourced, monkeypatch):
    monkeypatch.setenv("PIPL_T_OUTSIDE", "1")
    text = 'export HOME="$HOME"\nexport SEEN="${PIPL_T_OUTSIDE-nothing}"\nexport PATH="$PATH"\n'
    assert sourced(text) == {"SEEN": [("set", "nothing")]}


def test_lists_are_extended(sourced):
    text = 'export PATH="/x/bin:/y:$PATH:/z"\n'
    assert sourced(text) == {"PATH": [("prepend", "/y"), ("prepend", "/x/bin"), ("append", "/z")]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('export LD_LIBRARY_PATH="/x:$LD_LIBRARY_PATH"\n', [("prepend", "/x")]),
        ('export LD_LIBRARY_PATH="$LD_LIBRARY_PATH:/x"\n', [("append", "/x")]),
        (
            'export LD_LIBRARY_PATH="/x${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\n',
            [("prepend", "/x")],
        ),
        ("export LD_LIBRARY_PATH=/x:/y\n", [("set", "/x:/y")]),
    ],
)
def test_lists_that_were_empty_are_told_from_values(sourced, text, expected):
    assert sourced(text) == {"LD_LIBRARY_PATH": expected}


def test_it_sees_what_was_set_before(sourced):
    before = [Set("ROOT", "/r"), Prepend("LIBS", "/l")]
    text = 'export SEEN="$ROOT"\nexport LIBS="/m:$LIBS"\n'
    assert sourced(text, before=before) == {"SEEN": [("set", "/r")], "LIBS": [("prepend", "/m")]}


def test_it_gets_its_arguments(sourced):
    assert sourced('export ALL="$#:$1:$2"\n', "a b", "$c") == {"ALL": [("set", "2:a b:$c")]}


def test_another_shell_may_read_it(sourced):
    text = '[[ "${BASH_SOURCE[0]}" == *setup.sh ]] && export IN_BASH=yes\n'
    assert sourced(text, reader="bash") == {"IN_BASH": [("set", "yes")]}


def test_what_it_prints_and_its_status_do_not_matter(sourced):
    assert sourced("echo hello\nexport A=1\nfalse\n") == {"A": [("set", "1")]}


def failed(sourced, *arguments, **options):
    with pytest.raises(EnvSetError) as error:
        sourced(*arguments, **options)
    assert error.value.message == "The EnvSet some could not say what it changes."
    return error.value


def test_one_that_ends_the_shell_is_an_error(sourced, tmp_path):
    assert failed(sourced, "echo no license\nexit 2\n").context == (
        f"The script {tmp_path}/it's setup.sh did not come to its end.\nno license"
    )


def test_a_shell_that_is_not_there_is_an_error(sourced, tmp_path):
    assert failed(sourced, "", reader="no-such-shell").context == (
        f"The shell no-such-shell cannot read the script {tmp_path}/it's setup.sh.\n"
        "No such file or directory"
    )


def test_one_that_is_not_there_is_an_error():
    class Some(EnvSet):
        def changes(self):
            return [Source("/nowhere/setup.sh")]

    with pytest.raises(EnvSetError) as error:
        resolve([Some("some")])
    assert error.value.context == "There is no script /nowhere/setup.sh."
    assert error.value.hint == "Is the tool installed as its EnvSet expects?"


def test_two_that_set_a_variable_differently_are_an_error(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"export LICENSE={name}\n")

    class One(EnvSet):
        def changes(self):
            return [Source(str(tmp_path / self.name))]

    with pytest.raises(EnvSetError, match=r"\ATwo EnvSets set LICENSE differently: one and two\."):
        resolve([One("one"), One("two")])


def test_its_origin_is_kept(tmp_path):
    (tmp_path / "setup").write_text("export A=1\n")

    class Some(EnvSet):
        def changes(self):
            return [Source(str(tmp_path / "setup"))]

    (step,) = resolve([Some("some")]).variables["A"].steps
    assert step == Step("set", "1", "some", str(tmp_path / "setup"))


def test_on_windows_cmd_calls_it(tmp_path):
    text = _batch(r"C:\Program Files\pen\setup.bat", ["a b"], tmp_path / "dump", tmp_path / "out")
    assert text.split("\r\n") == [
        r'@call "C:\Program Files\pen\setup.bat" "a b"',
        f'@"{sys.executable}" -I "{tmp_path}/dump" "{tmp_path}/out"',
        "",
    ]
