import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipl_cli._failures import guarded
from pipl_hooks import PiplError


def raising(error):
    def run():
        raise error

    return run


def test_shows_message_context_and_hint(capsys):
    error = PiplError("It is gone.", context="one\ntwo", hint="Look elsewhere.")
    assert guarded(raising(error)) == 1
    assert capsys.readouterr() == (
        "",
        "error: It is gone.\n  one\n  two\nhint: Look elsewhere.\n",
    )


def test_an_interrupt_is_one_line(capsys):
    assert guarded(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_the_end_of_input_is_no_interrupt(capsys):
    error = click.Abort()
    error.__cause__ = EOFError()
    assert guarded(raising(error)) == 1
    said = "error: The input ended before the question was answered.\n"
    assert capsys.readouterr().err == said


def test_a_bug_is_one_line_and_a_file(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert guarded(raising(ZeroDivisionError("by\nzero"))) == 1
    said = capsys.readouterr().err
    start = "error: This is a bug in pipl: ZeroDivisionError: by zero; the traceback is in "
    assert said.startswith(start)
    assert said.count("\n") == 1
    path = Path(said.removeprefix(start).rstrip(".\n"))
    assert "ZeroDivisionError" in path.read_text()


def test_a_disk_that_refuses_is_no_bug(capsys):
    assert guarded(raising(PermissionError(13, "Permission denied", "/state/logins.json"))) == 1
    assert capsys.readouterr().err == (
        "error: The file system refused.\n"
        "  Permission denied: /state/logins.json\n"
        "hint: Check free space and permissions, then do it again.\n"
    )


def test_the_traceback_is_shown_when_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("PIPL_TRACE", "errors")
    assert guarded(raising(PiplError("No."))) == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback")
    assert said.endswith("error: No.\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_reader_that_leaves_is_no_error():
    pipl = subprocess.Popen(
        [sys.executable, "-m", "pipl_cli", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    pipl.stdout.close()
    said = pipl.stderr.read()
    pipl.stderr.close()
    assert (pipl.wait(), said) == (1, b"")
