"""What serves a project, and the programs beside it; each test starts its own server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from pipl_core import ServerError
from pipl_core.supervisor import main, serve

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]

SERVE = """
import sys, types
from pathlib import Path
from pipl_core import Project, supervisor
from pipl_core.plugins import plugins
from pipl_hooks import PiplError, hookimpl

def pipl_companions(project):
    return [[sys.executable, "-c", sys.argv[2], str(project)], ["no-such-program"]]

studio = types.ModuleType("studio")
studio.pipl_companions = hookimpl(pipl_companions)
manager = plugins().manager
for name, plugin in manager.list_name_plugin():
    if hasattr(plugin, "pipl_companions"):
        manager.unregister(plugin)
manager.register(studio)
supervisor.RESTART_PAUSE = 0.05
try:
    status = supervisor.serve(Project(Path(sys.argv[1])), lambda text: print(text, flush=True))
except PiplError as error:
    status = f"error: {error.message}"
print("status", status, flush=True)
"""
COMPANION = """
import os, sys, time
from pathlib import Path
with (Path(sys.argv[1]) / "companions").open("a") as file:
    file.write(f"{os.getpid()}\\n")
started = len((Path(sys.argv[1]) / "companions").read_text().split())
time.sleep(0 if started < 3 else 600)
"""


@contextlib.contextmanager
def serving(project):
    """Serve a project with a companion that ends twice, and then stays."""
    command = [sys.executable, "-c", SERVE, str(project.folder), COMPANION]
    served = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=project.folder
    )
    try:
        wait_for(lambda: len(companions(project)) == 3 or served.poll() is not None)
        yield served
    finally:
        project.server.stop()
        if served.poll() is None:
            served.kill()
        served.wait()
        served.stdout.close()


def companions(project):
    """Return the process numbers of all companions that were ever started."""
    path = project.folder / "companions"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def wait_for(condition, seconds=60.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_companions_are_started_again_and_end_with_the_server(fresh_project):
    with serving(fresh_project) as served:
        assert fresh_project.server.status().state == "running"
        family = psutil.Process(served.pid).children(recursive=True)
        assert len(family) == 2
        served.send_signal(signal.SIGTERM)
        lines = served.communicate(timeout=60)[0].splitlines()
        assert lines == [
            "Making the server's folder",
            "Starting the server of PROJECT",
            f"Serving PROJECT at {fresh_project.address}",
            "status 0",
        ]
        assert not any(process.is_running() for process in family)
        assert not any(psutil.pid_exists(pid) for pid in companions(fresh_project))
        assert fresh_project.server.status().state == "stopped"
        log = (fresh_project.system / "handlers.log").read_text()
        assert "no-such-program cannot be run: No such file or directory\n" in log


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_companions_end_when_the_server_dies(fresh_project):
    with serving(fresh_project) as served:
        server = fresh_project.server
        family = psutil.Process(served.pid).children(recursive=True)
        psutil.Process(server.status().pid).kill()
        lines = served.communicate(timeout=60)[0].splitlines()
        assert lines[-1] == "status error: The server ended with the status -9."
        assert not any(process.is_running() for process in family)
        assert server.status().state == "crashed"


def test_stopping_from_elsewhere_leaves_nothing(fresh_project):
    with serving(fresh_project) as served:
        family = [psutil.Process(served.pid), *psutil.Process(served.pid).children(recursive=True)]
        assert len(family) == 3
        assert fresh_project.server.stop() is True
        served.wait(60)
        assert psutil.wait_procs(family, timeout=5)[1] == []
        assert fresh_project.server.status().state == "stopped"


def test_one_supervisor_serves_a_project(fresh_project):
    with fresh_project.server.lock("serving", 0), pytest.raises(ServerError) as error:
        serve(fresh_project, lambda _: None)
    assert error.value.message == (
        f"The server of PROJECT runs already, at {fresh_project.address}."
    )
    assert error.value.hint == "`pipl proj status` tells more; `pipl proj stop` ends it."
    assert not (fresh_project.server.folder / "data").exists()


def test_serving_what_runs_is_an_error(running_project):
    record = running_project.server.record()
    with pytest.raises(ServerError, match="runs already, at"):
        serve(running_project, lambda _: None)
    assert running_project.server.record() == record
    assert running_project.server.status().state == "running"


def test_the_program_tells_an_error_in_one_line(pipl_home, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["supervisor", str(tmp_path)])
    assert main() == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{tmp_path} is not a project.")
