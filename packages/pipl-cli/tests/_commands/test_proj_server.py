import json
import os
import signal
import subprocess
import sys

import pytest

from pipl_core import Project
from pipl_core.project import free_port

FAST_START = ("--argon2-memory-cost", "8192", "--argon2-time-cost", "1")


def test_a_stopped_server(pipl, silent):
    result = pipl("proj", "status")
    assert (result.status, result.out) == (1, "Silent is stopped at <address>\n")
    assert json.loads(pipl("proj", "status", "--json").out)["state"] == "stopped"
    assert pipl("proj", "stop").err.endswith("Silent did not run.\n")


def test_a_running_server(pipl, project):
    pid = project.server.status().pid
    result = pipl("proj", "status")
    assert (result.status, result.err) == (
        0,
        (
            "No handlers run for it, so nothing that is published moves on.\n"
            "Start them: `pipl ci start`, or stop the server and start it again.\n"
        ),
    )
    assert result.out == f"MyProject is running at <address> (process {pid})\n"
    again = pipl("proj", "start")
    assert again.status == 1
    assert again.err == (
        "error: The server of MyProject runs already, at <address>.\n"
        "hint: `pipl proj status` tells more; `pipl proj stop` ends it.\n"
    )
    assert pipl("proj", "start", "--detach").status == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_serves_in_the_foreground_until_interrupted(tmp_path):
    project = Project.create(tmp_path / "Show", port=free_port(0), server_arguments=FAST_START)
    command = [sys.executable, "-m", "pipl_cli", "proj", "start", "--no-handlers"]
    served = subprocess.Popen(command, cwd=project.folder, stderr=subprocess.PIPE, text=True)
    try:
        lines = [served.stderr.readline() for _ in range(3)]
        assert lines[2] == f"Serving Show at {project.address}\n"
        assert project.server.status().state == "running"
        served.send_signal(signal.SIGINT)
        assert served.stderr.read() == "Stopped.\n"
        assert served.wait() == 0
        assert project.server.status().state == "stopped"
    finally:
        project.server.stop()
        served.stderr.close()
        served.wait()


@pytest.mark.slow
def test_a_crashed_server_is_told_apart(pipl, tmp_path, monkeypatch):
    project = Project.create(tmp_path / "Show", port=free_port(0), server_arguments=FAST_START)
    monkeypatch.chdir(project.folder)
    assert pipl("proj", "start", "--detach", "--no-handlers").status == 0
    try:
        for process in project.server.record().processes():
            process.kill()
            process.wait(10)
        result = pipl("proj", "status")
        assert result.status == 1
        assert result.out == f"Show is crashed at {project.address}\n"
        assert pipl("proj", "start", "--detach", "--no-handlers").status == 0
        assert pipl("proj", "status").status == 0
        assert pipl("proj", "stop").err.endswith("Show is stopped.\n")
    finally:
        project.server.stop()
