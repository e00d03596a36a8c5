"""Each command where it cannot work: no project, no workspace, no server, a broken packl."""

import pytest

from pipl_hooks import PacklInfo

NO_PROJECT = (
    "error: There is no project at <here>, nor in a folder above it.\n"
    "hint: Go into a project's folder, name one with -p/--path or the variable PIPL_PROJECT, "
    "or make one with `pipl proj create PATH`.\n"
)
NO_WORKSPACE = (
    "error: There is no workspace at <here>, nor in a folder above it.\n"
    "hint: Go into one (`pipl work list` shows them), or make one: `pipl work create NAME`.\n"
)
NO_SERVER = (
    "error: No server answers at <address>.\n"
    "  ConnectionError\n"
    "hint: Start it: `pipl proj start`, or `pipl proj start --detach`.\n"
)
IN_PROJECTS = [
    "login bob --password-stdin", "logout", "whoami", "proj start", "proj start --detach",
    "proj stop", "proj status", "proj setup", "proj list-stages", "proj devpi -- use",
    "proj user list", "proj user add bob --generate", "proj user set bob --generate",
    "proj user remove bob", "proj index list-indexes", "proj index create-default",
    "proj index create-default 123", "proj index create-sub fx", "proj index list",
    "work create-area area", "work create lab", "work list", "task list", "ci status",
    "ci start --once", "ci logs 1", "ci retry 1", "ci cancel 1", "ci history bob",
    "packl users six", "packl diff six 1.0 1.1",
]  # fmt: skip
IN_WORKSPACES = [
    "work install six", "work sync", "work status", "work shell", "work py", "work run -- python",
    "packl create tool", "packl show", "packl show tool", "packl add six", "packl remove six",
    "packl bump minor", "packl log", "packl publish", "packl upload", "packl tree",
    "task create shot task", "task commands", "product create hero product", "product list",
    "product show hero", "asset list", "asset verify", "env show", "packl why six",
    "packl outdated", "packl diff", "packl diff six", "packl diff six==1.0",
]  # fmt: skip
ASKING_THE_SERVER = [
    "login bob --password-stdin", "whoami", "proj setup", "proj devpi -- use", "proj user list",
    "proj user add 123 bob b0b", "proj user add bob --generate", "proj index list-indexes",
    "proj index create-default 123", "proj index create-sub fx", "proj index list",
    "packl users six", "packl diff six 1.0 1.1",
]  # fmt: skip
READING_PACKLS = [
    "work sync", "work install six", "packl show tool", "packl add six", "packl bump patch",
    "packl log", "packl publish", "packl tree", "task create shot task", "packl why six",
    "packl outdated", "packl diff",
]  # fmt: skip
GOING_ON = [
    "work status", "work list", "work list --all", "product list", "task list",
    "packl show studio_good", "packl log studio_good", "packl tree studio_good",
    "product show studio_good_task", "packl publish studio_good --dry-run",
]  # fmt: skip
CHANGING = [
    "packl add pluggy", "packl remove pluggy", "packl bump minor", "packl publish", "work sync",
    "packl create studio_more", "work install pluggy",
]  # fmt: skip
BROKEN = '[project]\nname = "tool"\nversion = 1\n'
NAMED = "<project>/workspaces/lab/packls/tool/pyproject.toml does not say what a packl is."


@pytest.mark.parametrize("line", IN_PROJECTS)
def test_without_a_project(line, pipl, tmp_path):
    pipl.names[str(tmp_path)] = "<here>"
    result = pipl(*line.split())
    assert (result.status, result.out, result.err) == (1, "", NO_PROJECT)


@pytest.mark.parametrize("line", IN_WORKSPACES)
def test_without_a_workspace(line, pipl, tmp_path):
    pipl.names[str(tmp_path)] = "<here>"
    result = pipl(*line.split())
    assert (result.status, result.out, result.err) == (1, "", NO_WORKSPACE)


@pytest.mark.parametrize("line", ASKING_THE_SERVER)
def test_without_a_server(line, pipl, silent):
    result = pipl(*line.split(), given="secret\n")
    assert (result.status, result.out) == (1, "")
    assert result.err.endswith(NO_SERVER)


def test_with_a_path_that_is_none(pipl):
    result = pipl("packl", "show", "-p", "nowhere")
    assert result.status == 1
    assert result.err == "error: There is no folder nowhere.\nhint: Correct -p/--path.\n"


def test_with_a_damaged_project_file(pipl, silent):
    (silent.folder / "pipl.toml").write_text("[[[")
    result = pipl("proj", "status")
    assert result.status == 1
    assert result.err.startswith("error: <project>/pipl.toml cannot be read.\n  TOMLDecodeError: ")


@pytest.mark.slow
@pytest.mark.parametrize("line", READING_PACKLS)
def test_with_a_broken_packl(line, pipl, workspace):
    folder = workspace.folder / "packls" / "tool"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text("[project]\nname = [\n")
    result = pipl(*line.split(), "-p", str(workspace.folder))
    assert (result.status, result.out) == (1, "")
    assert (
        "error: <project>/workspaces/lab/packls/tool/pyproject.toml is not valid TOML.\n"
        in result.err
    )
    assert result.err.endswith("\nhint: Correct it by hand.\n")


@pytest.fixture
def beside_a_broken_one(workspace, throw_away_packl):
    """The folder of a packl in a workspace whose other packl says no version."""
    good = throw_away_packl(workspace, "studio_good")
    task = throw_away_packl(
        workspace,
        "studio_good_task",
        info=PacklInfo("task", "task"),
        entry_points={"pipl_pipe.task": {"studio_good_task": "studio_good_task:TASK"}},
    )
    for packl in (good, task):
        workspace.environment.install_edited(packl)
    folder = workspace.folder / "packls" / "tool"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(BROKEN)
    return good.folder


@pytest.mark.slow
@pytest.mark.parametrize("line", GOING_ON)
def test_what_reads_goes_on_beside_a_broken_packl(line, pipl, beside_a_broken_one):
    result = pipl(*line.split())
    assert result.status == 0, result.err
    assert result.out or "log" in line  # nobody edited it
    # What names one packl looks at no other.
    assert (NAMED in result.err) is ("good" not in line and line != "product list")
    assert "error: " not in result.err


@pytest.mark.slow
@pytest.mark.parametrize("line", CHANGING)
def test_what_changes_something_names_the_broken_packl_first(
    line, pipl, workspace, beside_a_broken_one
):
    before = state(workspace.folder / "packls"), (workspace.folder / "workspace.toml").read_text()
    result = pipl(*line.split(), "-p", str(beside_a_broken_one))
    assert (result.status, result.out) == (1, "")
    assert f"error: {NAMED}\n  version in [project] should be a text, not 1.\n" in result.err
    assert before == (
        state(workspace.folder / "packls"),
        (workspace.folder / "workspace.toml").read_text(),
    )


@pytest.mark.slow
def test_a_broken_workspace_hides_no_other(pipl, project, workspace):
    folder = project.workarea / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / "workspace.toml").write_text("name = [")
    for words in (("task", "list"), ("work", "list", "--all")):
        result = pipl(*words)
        assert result.status == 0
        assert result.err.startswith(
            "warning: the workspace <project>/workspaces/damaged is left out: "
            "<project>/workspaces/damaged/workspace.toml cannot be read. TOMLDecodeError("
        )
    (folder / "workspace.toml").unlink()
    folder.rmdir()


def state(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
