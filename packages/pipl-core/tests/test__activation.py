"""Activate scripts, really sourced by the shells that are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
import virtualenv

from pipl_core import Workspace, _activation
from pipl_core.environments import VirtualEnvironment
from pipl_hooks import PacklInfo

pytestmark = [
    pytest.mark.needs_tools,
    pytest.mark.skipif(sys.platform == "win32", reason="shells of another kind"),
]

ENVSET = """
from pipl_envset import Append, EnvSet, Prepend, Set


class Some(EnvSet):
    def changes(self):
        return [
            Set("PIPL_T_ROOT", "it's $HOME \\\\ \\"x\\" `y`"),
            Set("PIPL_T_NEW", "new"),
            Prepend("PIPL_T_PATH", "/tools"),
            Append("PIPL_T_PATH", "/last"),
        ]


ENV = Some(__name__)
"""
OTHER = """
from pipl_envset import EnvSet, Prepend, Set


class Other(EnvSet):
    def changes(self):
        yield Set("PIPL_T_ROOT", "other")
        yield Set("PIPL_T_OTHER", "other")
        yield Prepend("PIPL_T_PATH", "/other")
        yield Prepend("PATH", "/other/bin")


ENV = Other(__name__)
"""
BEFORE = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "PIPL_T_PATH": "/old one:/x",
    "PIPL_T_ROOT": "before, with 'quotes', $dollars\n\tand a line\n",
    "PIPL_WORKSPACE_KEPT": "1",
}
SHELLS = {
    "bash": (["bash", "--norc"], "activate", "."),
    "sh": (["sh"], "activate", "."),
    "dash": (["dash"], "activate", "."),
    "zsh": (["zsh", "-f"], "activate", "."),
    "fish": (["fish", "--no-config", "--private"], "activate.fish", "source"),
}
POSIX = """
PIPL_T_ROOT=ours
export PIPL_T_ROOT
pipl_env_restore () { unset PIPL_T_ROOT; unset -f pipl_env_restore; }
"""
FISH = """
set -gx PIPL_T_ROOT ours
function pipl_env_restore; set -e PIPL_T_ROOT; functions -e pipl_env_restore; end
"""


@pytest.fixture(params=SHELLS)
def shell(request):
    """A function that gives the variables before, in and after an active environment."""
    name = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    command, script, source = SHELLS[name]

    def variables(scripts, before=BEFORE, times=1, first=None, strict=False):
        dump = f"{sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
        active = f'{source} "{scripts / script}"'.replace("$", "\\$")
        outer = [] if first is None else [f'{source} "{first / script}"']
        start = ["set -eu"] if strict else []
        lines = [*start, dump, *outer, *[active] * times, dump, "deactivate", dump]
        done = subprocess.run(
            [*command, "-c", "\n".join(lines)],
            env=before,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        found = [json.loads(line) for line in done.stdout.splitlines()]
        for each in found:
            for noise in ("_", "SHLVL", "OLDPWD", "PWD", "LS_COLORS"):
                each.pop(noise, None)
        return found

    variables.name = name
    return variables


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The scripts of an environment in a folder whose name a shell must not read."""
    folder = tmp_path_factory.mktemp("shells") / "it's $HOME"
    virtualenv.cli_run([str(folder / ".venv"), "--no-seed", "--quiet"], setup_logging=False)
    scripts = folder / ".venv" / "bin"
    (folder / ".venv" / "pipl").mkdir()
    (folder / ".venv" / "pipl" / "env.sh").write_text(POSIX)
    (folder / ".venv" / "pipl" / "env.fish").write_text(FISH)
    _activation.extend(scripts, folder)
    return scripts


@pytest.fixture(scope="module")
def bench(running_project, pipl_wheels):
    """A workspace with an EnvSet in edition."""
    from pipl_testing import PacklMaker

    workspace = Workspace.create(running_project, "activation")
    PacklMaker()(
        workspace,
        "some_env",
        info=PacklInfo("envset"),
        files={"src/some_env/__init__.py": ENVSET},
        dependencies=["pipl-envset"],
        entry_points={"pipl_pipe.envset": {"some_env": "some_env:ENV"}},
    )
    workspace.install_edited()
    return workspace


def test_a_workspace_s_name_is_never_read_by_the_shell(shell, scripts):
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    before, inside, after = shell(scripts, environment)
    assert inside["PIPL_WORKSPACE"] == str(scripts.parents[1])
    assert inside["VIRTUAL_ENV"] == str(scripts.parent)
    assert inside["PIPL_T_ROOT"] == "ours"
    assert after == before


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_variables_are_set_and_restored_byte_for_byte(shell, bench, times):
    before, inside, after = shell(bench.environment.scripts, times=times)
    assert inside["PIPL_WORKSPACE"] == str(bench.folder)
    assert inside["PIPL_T_ROOT"] == 'it\'s $HOME \\ "x" `y`'
    assert inside["PIPL_T_NEW"] == "new"
    assert inside["PIPL_T_PATH"] == "/tools:/old one:/x:/last"
    assert inside["PATH"] == f"{bench.environment.scripts}:/usr/bin:/bin"
    assert before == after
    assert {name: before[name] for name in BEFORE} == BEFORE


@pytest.fixture(scope="module")
def other(running_project, pipl_wheels):
    """Another workspace, with an EnvSet that sets some of the same variables."""
    from pipl_testing import PacklMaker

    workspace = Workspace.create(running_project, "activation_of_another")
    PacklMaker()(
        workspace,
        "other_env",
        info=PacklInfo("envset"),
        files={"src/other_env/__init__.py": OTHER},
        dependencies=["pipl-envset"],
        entry_points={"pipl_pipe.envset": {"other_env": "other_env:ENV"}},
    )
    workspace.install_edited()
    return workspace


@pytest.mark.slow
def test_another_one_is_left_before_it_is_entered(shell, bench, other):
    before = {**BEFORE, "PIPL_WORKSPACE": "/of/my/own"}
    first = other.environment.scripts
    outside, inside, after = shell(bench.environment.scripts, before, first=first)
    assert inside == shell(bench.environment.scripts, before)[1]
    assert "PIPL_T_OTHER" not in inside
    assert outside == after
    assert after["PIPL_WORKSPACE"] == "/of/my/own"


@pytest.mark.slow
def test_a_strict_shell_may_activate_it(shell, bench):
    if shell.name == "fish":
        pytest.skip("fish has no such options")
    before, inside, after = shell(bench.environment.scripts, strict=True)
    assert inside["PIPL_T_NEW"] == "new"
    assert before == after


@pytest.mark.slow
def test_a_process_in_it_has_the_same_variables(shell, bench):
    _, inside, _ = shell(bench.environment.scripts)
    environment = VirtualEnvironment(bench.environment.folder, bench.project, BEFORE)
    launched = environment.variables()
    names = [*BEFORE, "PIPL_WORKSPACE", "VIRTUAL_ENV", "PIPL_T_NEW"]
    assert {name: launched[name] for name in names} == {name: inside[name] for name in names}


def test_scripts_that_are_missing_are_none(tmp_path):
    (tmp_path / "activate").write_text("deactivate () {\n    true\n}\n")
    _activation.extend(tmp_path, tmp_path / "lab")
    assert [path.name for path in tmp_path.iterdir()] == ["activate"]
    text = (tmp_path / "activate").read_text()
    assert f"PIPL_WORKSPACE='{tmp_path / 'lab'}'" in text
    assert text.startswith("deactivate () {\n    if command -v pipl_env_restore")
