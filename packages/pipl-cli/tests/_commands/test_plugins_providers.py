"""`pipl plugins providers`, and the errors in workspaces that ask it."""

import json

import pytest

from pipl_testing import release_wheel, write_wheel

pytestmark = pytest.mark.slow

CODE = """
class Tracker:
    def __init__(self, config):
        self.config = config
"""


@pytest.fixture(scope="session")
def tracker(running, tmp_path_factory):
    """A released packl that gives a service, and one that gives a task type."""
    folder = tmp_path_factory.mktemp("tracker")
    for version in ("1.0", "1.2"):
        points = {"pipl_pipe.services": {"tracker": "studio_tracker:Tracker"}}
        wheel = write_wheel(folder, "studio_tracker", version, code=CODE, entry_points=points)
        release_wheel(running, wheel)
    points = {"pipl_pipe.task_type": {"roto": "studio_roto:Roto"}}
    release_wheel(running, write_wheel(folder, "studio_roto", "3.0", entry_points=points))


def test_names_packls_with_their_newest_versions(pipl, project, tracker):
    result = pipl("plugins", "providers", "pipl_pipe.services", "tracker")
    assert (result.status, result.err) == (0, "")
    assert result.out == "PACKL           VERSION\nstudio-tracker  1.2\n"
    data = json.loads(pipl("plugins", "providers", "pipl_pipe.task_type", "roto", "--json").out)
    assert data == [{"name": "studio-roto", "version": "3.0"}]


def test_says_that_there_is_none(pipl, project, tracker):
    result = pipl("plugins", "providers", "pipl_pipe.services", "weather")
    assert (result.status, result.out) == (0, "")
    assert result.err == "No released packl declares 'weather' in pipl_pipe.services.\n"


def test_without_a_server_is_an_error(pipl, silent):
    result = pipl("plugins", "providers", "pipl_pipe.services", "tracker", "--json")
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("error: ")


def test_a_missing_service_names_them(pipl, workspace, tracker):
    code = (
        "from pipl_pipe import PipelineError, services\n"
        "try:\n    services.tracker\nexcept PipelineError as error:\n    print(error)\n"
    )
    done = workspace.environment.run_python(["-c", code], quiet=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "No packl in this environment gives the service 'tracker'.\n"
        "There are: asset_store, config, env, local_assets, products, tasks.\n"
        "studio-tracker 1.2 would provide it.\n"
        "pipl work install studio-tracker\n"
    )


def test_a_missing_type_names_them(pipl, workspace, tracker):
    result = pipl("task", "create", "sh010", "roto")
    assert result.status == 1
    assert result.err.splitlines()[-4:] == [
        "error: No packl in this environment gives the task type 'roto'.",
        "  There are: task.",
        "  studio-roto 3.0 would provide it.",
        "hint: pipl work install studio-roto",
    ]
