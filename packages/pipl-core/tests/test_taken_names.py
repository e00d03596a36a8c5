"""Names that something else has: the project, its mirror, pipl, an installed import package."""

from __future__ import annotations

import http.server
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipl_core import ConflictError, Packl, Project, plan_publish, set_up
from pipl_core.index import IndexClient
from pipl_core.project import free_port
from pipl_core.taken_names import HINT, OWN_NAMES, check_not_taken
from pipl_testing import QUICK_KEYS

pytestmark = pytest.mark.needs_tools


class Upstream(http.server.BaseHTTPRequestHandler):
    """A public index that has one package."""

    def do_GET(self):
        found = self.path == "/simple/numpy/"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if found:
            self.wfile.write(
                b'<html><body><a href="numpy-1.0-py3-none-any.whl">x</a></body></html>'
            )

    def log_message(self, *arguments):
        pass


@pytest.fixture
def upstream():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bare(fresh_project, tmp_path):
    """A workspace of a project whose server does not run, with PyYAML in its environment."""
    site = tmp_path / "site-packages"
    info = site / "PyYAML-6.0.dist-info"
    for folder in (site / "yaml", info):
        folder.mkdir(parents=True)
    (site / "yaml" / "__init__.py").touch()
    (site / "six.py").touch()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0\n")
    (info / "RECORD").write_text("yaml/__init__.py,,\nsix.py,,\n")
    environment = SimpleNamespace(site_packages=[site])
    return SimpleNamespace(environment=environment, project=fresh_project)


def reason(workspace, name, warn=lambda _: None):
    with pytest.raises(ConflictError) as error:
        check_not_taken(workspace, name, warn)
    assert error.value.message == f"The name {name!r} is taken."
    assert error.value.hint == HINT
    return error.value.context


def test_pipl_s_own_packls_are_known():
    folders = {path.parent.name for path in Path(__file__).parents[2].glob("pipl*/pyproject.toml")}
    assert folders <= OWN_NAMES


@pytest.mark.parametrize("name", ["pipl", "pipl-core", "PIPL_Core", "pipl.hooks"])
def test_pipl_s_own_names_are_taken(bare, name):
    assert reason(bare, name) == "pipl itself has a part of that name."


@pytest.mark.parametrize("name", ["yaml", "Yaml", "six"])
def test_an_import_package_of_another_distribution_is_not_hidden(bare, name):
    assert reason(bare, name) == (
        f"PyYAML, which is installed in this workspace, is imported as {name}."
    )


def test_what_cannot_be_checked_is_said(bare):
    said = []
    check_not_taken(bare, "char_hero_rig", said.append)
    (warning,) = said
    assert warning == (
        "whether somebody else has the name 'char_hero_rig' could not be checked: "
        f"No server answers at {bare.project.address}."
    )


@pytest.mark.slow
def test_a_package_of_the_third_party_mirror_is_not_hidden(bare, upstream, tmp_path, start_project):
    project = Project.create(
        tmp_path / "Mirrored",
        port=free_port(0),
        server_arguments=QUICK_KEYS,
        mirror_url=f"http://127.0.0.1:{upstream.server_port}/simple/",
    )
    start_project(project)
    set_up(project, "ann", lambda _: None)
    bare.project, said = project, []
    for name in ("numpy", "NumPy"):
        assert reason(bare, name, said.append) == (
            f"The third-party mirror has a package {name!r}, which a packl would hide from everybody."
        )
    check_not_taken(bare, "char_hero_rig", said.append)
    assert said == []
    upstream.shutdown()
    upstream.socket.close()
    check_not_taken(bare, "scipy", said.append)
    assert said == ["the third-party mirror did not tell whether it has a package 'scipy'."]
    with closing(IndexClient(project.address)) as client:
        assert client.third_party_has("scipy") is None


@pytest.mark.slow
def test_a_packl_of_the_project_is_not_made_twice(
    shared_workspace, throw_away_packl, unique, tmp_path
):
    project = shared_workspace.project
    released, submitted = unique("rig"), unique("tool")
    throw_away_packl.release(project, released, tmp_path)
    throw_away_packl.publish(throw_away_packl(tmp_path, submitted), project, "root/submitted")
    other = released.replace("_", "-").upper()
    for name in (released, other):
        assert reason(shared_workspace, name) == (
            f"{released} is a packl of PROJECT already, in root/PROJ."
        )
        with pytest.raises(ConflictError):
            Packl.create(shared_workspace, name)
    assert reason(shared_workspace, submitted) == (
        f"{submitted} is a packl of PROJECT already, in root/submitted."
    )
    assert not (shared_workspace.folder / "packls" / released).exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "pipl-pgqueuer",
            "The name 'pipl-pgqueuer' is taken. pipl itself has a part of that name.",
        ),
        (
            "cgi",
            "'cgi' cannot be the name of a packl. It would hide 'cgi' of Python's standard library.",
        ),
        ("aux", "'aux' cannot be the name of a packl. Windows reserves this name."),
    ],
)
def test_a_packl_made_by_hand_is_not_published_under_a_name_that_is_taken(
    shared_workspace, throw_away_packl, tmp_path, name, message
):
    packl = throw_away_packl(tmp_path, name)
    assert message in [
        problem.message for problem in plan_publish(packl, shared_workspace).problems
    ]
    problems = plan_publish(packl, shared_workspace, shadow=True).problems
    assert (message in [p.message for p in problems]) is (name != "pipl-pgqueuer")


@pytest.mark.slow
def test_who_takes_a_name_on_purpose_says_so_once(workspace):
    packl = Packl.create(workspace, "pipl-pgqueuer", shadow=True)
    (edit,) = packl.history
    assert edit.changes["shadow"] == {"from": None, "to": "pipl-pgqueuer"}
    assert plan_publish(packl, workspace).problems == []
