"""What comes with a packl is never trusted: what is released is what was tested, and no more."""

from __future__ import annotations

import contextlib
import zipfile
from typing import TYPE_CHECKING

import pytest

from pipl_ci import CiError, Ledger, Run, conduct
from pipl_core.building import build_wheel, read_wheel
from pipl_core.errors import InstallError
from pipl_hooks import Outcome, PacklInfo

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_core import Project

pytestmark = [pytest.mark.slow, pytest.mark.needs_tools]


def runs(project: Project, name: str) -> list[Run]:
    with Ledger(project) as ledger:
        return list(reversed(ledger.runs(name)))


def files(project: Project, index: str, name: str) -> list[str]:
    with contextlib.closing(project.client()) as client:
        return sorted(release.file for release in client.releases(index, name))


def test_only_the_wheel_that_was_tested_is_released(ci_project, submit, tmp_path: Path) -> None:
    submit("twin", '"""Fine."""\n')
    packl = submit.make(tmp_path / "evil", "twin", files={"src/twin/__init__.py": "1 / 0\n"})
    wheel = build_wheel(packl.folder, tmp_path / "wheels").path
    evil = wheel.rename(wheel.with_name("twin-0.1.0-9-py3-none-any.whl"))
    with contextlib.closing(ci_project.client("ci")) as client:
        client.upload("root/submitted", evil, read_wheel(evil).metadata)
    conduct(ci_project, once=True)

    assert files(ci_project, "root/PROJ", "twin") == ["twin-0.1.0-py3-none-any.whl"]


def test_a_submission_that_is_replaced_while_it_is_tested_goes_no_further(
    ci_project, submit, plugin_packl
) -> None:
    tested = submit("swap", '"""Good."""\n')

    class Swapping:
        def handle(self, request: object) -> Outcome:
            del request
            (submit.folder / "swap" / "src" / "swap" / "__init__.py").write_text("1 / 0\n")
            wheel = build_wheel(submit.folder / "swap", submit.folder / "again")
            with contextlib.closing(ci_project.client("ci")) as client:
                client.upload("root/submitted", wheel.path, wheel.metadata)
            return Outcome(passed=True, summary="Tested.")

    plugin_packl("swapping", pipl_handler=lambda name: Swapping() if name == "qa" else None)
    conduct(ci_project, once=True)

    first = runs(ci_project, "swap")[0]
    assert (first.digest, first.state) == (tested, "failed")
    assert first.summary == "swap 0.1.0 was replaced while it was worked on."


@pytest.mark.parametrize("requirement", ["urlpkg @ file:///tmp/x.whl", "urlpkg[x] @ http://a/b"])
def test_a_packl_that_requires_an_address_fails(ci_project, submit, requirement, request) -> None:
    name = f"address_{request.node.callspec.indices['requirement']}"
    packl = submit.make(submit.folder, name, dependencies=[requirement])
    with packl.file.open("a") as pyproject:
        pyproject.write("[tool.hatch.metadata]\nallow-direct-references = true\n")
    submit.make.publish(packl, ci_project, "root/submitted", "ci")
    conduct(ci_project, once=True)

    (run,) = runs(ci_project, name)
    assert run.state == "failed"
    assert run.summary.endswith("names an address.")
    assert files(ci_project, "root/PROJ", name) == []


def test_a_lock_that_names_a_file_elsewhere_fails(ci_project, submit, tmp_path: Path) -> None:
    lock = '[[packages]]\nname = "x"\narchive = { path = "/tmp/x-1-py3-none-any.whl" }\n'
    packl = submit.make(tmp_path, "locked", info=PacklInfo("code"))
    (packl.data_folder / "pylock.toml").write_text(lock)
    submit.make.publish(packl, ci_project, "root/submitted", "ci")
    conduct(ci_project, once=True)

    (run,) = runs(ci_project, "locked")
    assert run.state == "failed"
    assert run.summary == "The lock says 'archive' of a package, from which anything could come."


def test_an_envset_s_code_sees_no_secret_either(ci_project, submit, monkeypatch) -> None:
    monkeypatch.setenv("STUDIO_TOKEN", "secret")
    code = (
        "import os\n"
        "from pipl_envset import EnvSet, Set\n"
        "class Env(EnvSet):\n"
        "    def changes(self):\n"
        "        if 'STUDIO_TOKEN' in os.environ: raise RuntimeError('leaked')\n"
        "        yield Set('FINE', '1')\n"
        "ENV = Env(__name__)\n"
    )
    submit(
        "nosy_env",
        code,
        dependencies=["pipl-envset"],
        entry_points={"pipl_pipe.envset": {"nosy_env": "nosy_env:ENV"}},
    )
    conduct(ci_project, once=True)

    assert [run.state for run in runs(ci_project, "nosy_env")] == ["passed", "passed"]


def test_a_clean_environment_is_not_told_where_the_project_lies(ci_project, submit) -> None:
    code = (
        "import json, pathlib, sys\n"
        "told = json.loads((pathlib.Path(sys.prefix) / 'pipl.json').read_text())\n"
        "assert (told['tool'], told['project']) == ([], ''), told\n"
    )
    submit("told", code)
    conduct(ci_project, once=True)

    assert [run.state for run in runs(ci_project, "told")] == ["passed", "passed"]


def test_a_packl_s_folder_is_no_place_to_import_from(ci_project, submit, tmp_path: Path) -> None:
    packl = submit.make(tmp_path, "shadowing")
    (packl.folder / "hatchling").mkdir()
    (packl.folder / "hatchling" / "__init__.py").write_text("raise SystemExit('taken over')\n")

    wheel = build_wheel(packl.folder, tmp_path / "wheels")
    with zipfile.ZipFile(wheel.path) as archive:
        assert "shadowing/__init__.py" in archive.namelist()


def test_a_handler_that_exits_ends_its_run(ci_project, submit, plugin_packl) -> None:
    class Exiting:
        def handle(self, request: object) -> Outcome:
            del request
            raise SystemExit("so long")

    plugin_packl("exiting", pipl_handler=lambda name: Exiting() if name == "qa" else None)
    submit("exited", '"""Fine."""\n')
    conduct(ci_project, once=True)

    (run,) = runs(ci_project, "exited")
    assert (run.state, run.summary) == ("failed", "The handler broke: SystemExit: so long")


def test_the_same_bytes_again_are_tried_again(ci_project, submit) -> None:
    submit("again_later", '"""Fine."""\n', dependencies=["comes-later-in-pipl-s-tests"])
    conduct(ci_project, once=True)
    submit("comes_later_in_pipl_s_tests", '"""Now."""\n')
    conduct(ci_project, once=True)
    submit("again_later", '"""Fine."""\n', dependencies=["comes-later-in-pipl-s-tests"])
    conduct(ci_project, once=True)

    first, second = runs(ci_project, "again_later")
    assert [(first.state, first.attempt), (second.state, second.attempt)] == [
        ("passed", 2),
        ("passed", 1),
    ]


def test_a_server_restored_from_a_back_up_is_noticed(ci_project) -> None:
    with Ledger(ci_project) as ledger:
        server = ci_project.client().status()["server"]
        since = ledger.position(server)
        with ledger.handling(server, since + 1000):
            pass
        try:
            with pytest.raises(CiError) as caught:
                conduct(ci_project, once=True)
        finally:
            with ledger.handling(server, since):
                pass
    assert caught.value.message == (
        "The project's server is older than what was handled: it was restored from a back-up."
    )


def test_a_workspace_takes_no_addresses(ci_workspace) -> None:
    with pytest.raises(InstallError, match="names an address"):
        ci_workspace.install(["x @ file:///tmp/x.whl"])
