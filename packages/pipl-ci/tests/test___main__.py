"""The handlers as a program end with whoever started them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from pipl_ci import handlers_run
from pipl_core import Project

if TYPE_CHECKING:
    from pathlib import Path

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "pipl_ci", sys.argv[1]], stdout=subprocess.PIPE)
print(child.pid, child.stdout.readline().decode(), flush=True)
child.wait()
"""


@pytest.mark.slow
def test_they_end_when_their_supervisor_was_killed(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "show", port=1)
    command = [sys.executable, "-c", PARENT, str(project.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        number, _, said = parent.stdout.readline().partition(" ")
        handlers = psutil.Process(int(number))
        assert said == "Waiting for `pipl proj setup`\n"
        assert handlers_run(project)
        parent.kill()
    try:
        handlers.wait(20)
    finally:
        if handlers.is_running():
            handlers.kill()
    assert not handlers_run(project)


def test_a_folder_that_is_no_project_is_one_clear_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipl_ci", str(tmp_path), "--once"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"{tmp_path} is not a project."
