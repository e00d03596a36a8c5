"""The life of a project's server, with servers that each test starts itself."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError, Project, ServerError
from pipl_core.project import free_port
from pipl_core.server import ServerRecord, process_started
from pipl_testing import QUICK_KEYS

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


def kill(server):
    """End the processes of a server with no chance to tidy up, and return how many there were."""
    processes = server.record().processes()
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    psutil.wait_procs(processes, timeout=10)
    return len(processes)


def processes_of(project):
    """List the processes whose command names a project's folder."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(project.folder) in word for word in process.info["cmdline"] or [])
    ]


def test_a_server_starts_crashes_starts_again_and_stops(fresh_project, start_project):
    server = fresh_project.server
    assert server.status().state == "stopped"
    assert server.stop() is False

    start_project(fresh_project)
    status = server.status()
    assert (status.state, status.address) == ("running", fresh_project.address)
    assert psutil.Process(status.pid).is_running()
    record = server.record()
    assert server.start_detached(handlers=False).pid == status.pid
    assert server.record() == record
    assert "Starting the server of PROJECT" in server.log_tail(1000)

    assert kill(server) == 2
    crashed = server.status()
    assert (crashed.state, crashed.pid) == ("crashed", None)

    restarted = server.start_detached(handlers=False)
    assert restarted.state == "running"
    assert restarted.pid != status.pid

    assert server.stop() is True
    assert server.status().state == "stopped"
    assert server.record() is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_what_is_secret_is_for_its_owner_alone(running_project):
    system, server = running_project.system, running_project.server
    assert stat.S_IMODE(system.stat().st_mode) == 0o700
    for path in (server.secret, *(system / "secrets").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    arguments = " ".join(running_project.server.arguments())
    for path in (server.secret, *(system / "secrets").iterdir()):
        assert path.read_text().strip() not in arguments
        assert path.read_text().strip() not in server.log.read_text()


@pytest.fixture(scope="session")
def bare_project(pipl_home, tmp_path_factory):
    return Project.create(tmp_path_factory.mktemp("bare") / "Bare", port=3141)


class TestStatus:
    def test_a_stale_record_means_nothing(self, fresh_project):
        server = fresh_project.server
        # This process, but as if it had started at another time: its number was used again.
        me = os.getpid()
        stale = ServerRecord(me, process_started(me) - 1000, me, process_started(me) - 1000)
        server.write_record(stale)
        assert server.status().state == "crashed"
        assert server.stop() is False
        assert server.status().state == "stopped"

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"supervisor": 1}'])
    def test_a_damaged_record_means_nothing(self, fresh_project, text):
        server = fresh_project.server
        server.folder.mkdir()
        (server.folder / "processes.json").write_text(text)
        assert server.status().state == "stopped"

    @given(data=st.data())
    def test_a_record_with_one_value_spoiled_is_read_or_means_nothing(
        self, spoiled, bare_project, data
    ):
        server = bare_project.server
        server.folder.mkdir(exist_ok=True)
        path, me = server.folder / "processes.json", os.getpid()
        written = ServerRecord(me, 1.0, me, 1.0)
        path.write_text(json.dumps(data.draw(spoiled(asdict(written)))))
        record = server.record()
        assert record is None or record.processes() == []

    def test_a_server_that_does_not_answer_yet_is_starting(self, fresh_project):
        me = os.getpid()
        record = ServerRecord(me, process_started(me), me, process_started(me))
        fresh_project.server.write_record(record)
        status = fresh_project.server.status()
        assert (status.state, status.pid) == ("starting", me)
        fresh_project.server.write_record(None)


class TestStarting:
    def test_at_the_same_time_gives_one_server(self, fresh_project):
        project = fresh_project
        try:
            with ThreadPoolExecutor(3) as pool:
                starts = [pool.submit(project.server.start_detached, handlers=False) for _ in "123"]
                found = {each.result() for each in starts}
            (status,) = found
            assert status.state == "running"
            assert len(processes_of(project)) == 2
            assert {process.pid for process in project.server.record().processes()} == {
                process.pid for process in processes_of(project)
            }
        finally:
            project.server.stop()
        assert processes_of(project) == []
        assert project.server.status().state == "stopped"

    def test_waits_for_another_command_only_so_long(self, fresh_project, monkeypatch):
        monkeypatch.setattr("pipl_core.server.READY_WITHIN", 0.1)
        with fresh_project.server.lock("starting", 0), pytest.raises(ServerError) as error:
            fresh_project.server.start_detached(handlers=False)
        assert error.value.message == (
            "Another command has been starting the server for 0 seconds."
        )
        assert error.value.hint == f"Its log: {fresh_project.server.log}"

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden")
    def test_in_a_folder_that_cannot_be_written_is_an_error(self, fresh_project):
        fresh_project.system.chmod(0o500)
        try:
            with pytest.raises(CoreError) as error:
                fresh_project.server.start_detached(handlers=False)
        finally:
            fresh_project.system.chmod(0o700)
        assert error.value.message == "The server could not be started."

    def test_at_a_port_that_is_taken_is_an_error(self, fresh_project):
        taken = socket.create_server(("127.0.0.1", fresh_project.config.port))
        with taken, pytest.raises(ServerError) as error:
            fresh_project.server.start_detached(handlers=False)
        assert error.value.message == f"The server cannot listen at {fresh_project.address}."
        assert error.value.context == "Address already in use"
        assert error.value.hint.endswith(
            f"set another port in {fresh_project.folder / 'pipl.toml'}."
        )
        assert fresh_project.server.status().state == "stopped"

    def test_of_a_server_that_dies_shows_the_end_of_its_log(self, pipl_home, tmp_path):
        project = Project.create(
            tmp_path / "BROKEN",
            port=free_port(0),
            server_arguments=(*QUICK_KEYS, "--no-such-option"),
        )
        with pytest.raises(ServerError) as error:
            project.server.start_detached(handlers=False)
        assert error.value.message == "The server ended while it started."
        assert "unrecognized arguments: --no-such-option" in error.value.context
        assert error.value.hint == f"Its whole log: {project.server.log}"
        assert project.server.status().state == "stopped"

    def test_without_devpi_server_is_an_error(self, fresh_project, monkeypatch, tmp_path):
        broken = tmp_path / "python"
        broken.write_text("#!/bin/sh\necho 'No module named devpi_server' >&2\nexit 1\n")
        broken.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(broken))
        with pytest.raises(ServerError) as error:
            fresh_project.server.prepare(lambda _: None)
        assert error.value.message == "The server's folder could not be made."
        assert error.value.context == "No module named devpi_server"
