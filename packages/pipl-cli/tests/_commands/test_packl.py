"""`pipl packl …`, `task …` and `product …` in a real workspace."""

import json
import re

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def tool(pipl, workspace, monkeypatch):
    result = pipl("packl", "create", "tool", "--shadow", "--summary", 'Tools of "ours"')
    assert (result.status, result.out) == (0, "<project>/workspaces/lab/packls/tool\n")
    folder = workspace.folder / "packls" / "tool"
    monkeypatch.chdir(folder)
    return folder


def test_makes_and_shows_a_packl(pipl, tool):
    assert pipl("packl", "show").out == (
        "tool 0.1.0\n"
        '  summary     Tools of "ours"\n'
        "  kind        code\n"
        "  workspace   lab\n"
        "  folder      <project>/workspaces/lab/packls/tool\n"
    )
    assert json.loads(pipl("packl", "show", "--json").out)["summary"] == 'Tools of "ours"'
    again = pipl("packl", "create", "tool")
    assert again.status == 1
    assert "error: The workspace lab has the packl tool already.\n" in again.err
    assert pipl("packl", "create", "1x").status == 1
    assert pipl("packl", "create", "x", "--kind", "nope").status == 2
    unknown = pipl("packl", "show", "nope")
    assert unknown.err == (
        "error: The workspace lab has no packl 'nope' in edition.\n"
        "hint: It has: tool. Make one: `pipl packl create nope`.\n"
    )


def test_edits_a_packl(pipl, tool):
    result = pipl("packl", "add", "pipl-pipe", ">=0.1", "its types")
    assert (result.status, result.out) == (0, "")
    assert result.err == "Installing pipl-pipe\ntool depends on pipl-pipe>=0.1.\n"
    assert pipl("packl", "add", "pluggy", "", "to look", "-x", "edit").status == 0
    assert pipl("packl", "bump", "minor", "more").out == "0.2.0\n"
    tree = pipl("packl", "tree").out
    assert re.fullmatch(
        r"tool 0\.2\.0\n"
        r"\|-- pipl-pipe 0\.\S+ \(asks for >=0\.1\)\n"
        r"(\|   .*\n)+"
        r"`-- pluggy \S+ \[edit\] \(asks for \S+\)\n",
        tree,
    )
    root = json.loads(pipl("packl", "tree", "--json").out)
    assert [child["name"] for child in root["children"]] == ["pipl-pipe", "pluggy"]
    assert pipl("packl", "remove", "pipl-pipe", "no more").status == 0
    log = re.sub(r"(?m)^\S+  \S+  ", "", pipl("packl", "log").out)
    assert log.startswith(
        "remove  no more\n"
        "    dependencies: - pipl-pipe>=0.1\n"
        "bump  more\n"
        "    version: 0.1.0 -> 0.2.0\n"
        "add  to look\n"
        "    optional-dependencies.edit: + pluggy"
    )
    edits = json.loads(pipl("packl", "log", "--json").out)
    assert [edit["action"] for edit in edits] == ["remove", "bump", "add", "add", "create"]


def test_edits_that_make_no_sense(pipl, tool):
    before = (tool / "pyproject.toml").read_text()
    assert pipl("packl", "add", "pipl-hooks", ">=99").status == 1
    assert pipl("packl", "add", "pipl-hooks", "newest").status == 1
    assert pipl("packl", "add", "tool").err.endswith(
        "error: tool cannot depend on itself.\nhint: Name another packl.\n"
    )
    assert pipl("packl", "remove", "pipl-hooks").err.endswith(
        "error: tool does not depend on 'pipl-hooks'.\nhint: It depends on nothing.\n"
    )
    assert pipl("packl", "bump", "release").err == (
        "error: 0.1.0 is no release candidate.\nhint: Bump major, minor or patch instead.\n"
    )
    assert pipl("packl", "bump", "much").status == 2
    assert (tool / "pyproject.toml").read_text() == before


def test_publishes(pipl, tool, project):
    result = pipl("packl", "publish", "--dry-run")
    assert result.out == (
        "tool 0.1.0 to root/submitted\n"
        "  would build its wheel\n"
        "  would upload it to root/submitted\n"
    )
    result = pipl("packl", "publish")
    assert (result.status, result.out) == (0, "<address>/root/submitted/tool/0.1.0\n")
    assert result.err == (
        "Publishing tool 0.1.0\nBuilding tool 0.1.0\nUploading to root/submitted\n"
        "Published tool 0.1.0 to root/submitted.\n"
    )
    assert pipl("packl", "upload").status == 0
    refused = pipl("packl", "publish", "-i", "root/PROJ")
    assert refused.status == 1
    assert "error: The server refused this to ann.\n  no permission to submit\n" in refused.err
    assert pipl("packl", "publish", "-i", "root/nope").status == 1
    assert pipl("login", "root").status == 0
    assert pipl("packl", "publish", "-i", "root/PROJ").status == 0
    with (tool / "src" / "tool" / "__init__.py").open("a") as code:
        code.write("MORE = 1\n")
    for words in ((), ("-i", "root/PROJ")):
        result = pipl("packl", "publish", *words)
        assert (result.status, result.out) == (1, "")
        assert result.err.endswith(
            "error: tool 0.1.0 cannot be published.\n"
            "  tool 0.1.0 has been released, with other content.\n"
            "hint: A released version never changes: `pipl packl bump patch`, then publish again.\n"
        )


def test_problems_of_a_plan(pipl, tool):
    path = tool / "pyproject.toml"
    path.write_text(path.read_text().replace("Private :: pipl", "Private :: x"))
    for words in (("--dry-run",), ()):
        result = pipl("packl", "publish", *words)
        assert result.status == 1
        assert "It lacks the classifier 'Private :: pipl'" in result.err


def test_waits_for_the_handlers(pipl, tool, project, monkeypatch):
    import threading

    from pipl_ci import conduct

    assert pipl("packl", "bump", "major").status == 0
    stopping = threading.Event()
    handlers = threading.Thread(target=conduct, args=(project,), kwargs={"stopping": stopping})
    handlers.start()
    try:
        result = pipl("packl", "publish", "--wait")
        assert (result.status, result.out) == (0, "<address>/root/PROJ/tool/1.0.0\n")
        assert result.err.splitlines()[-1] == "Released tool 1.0.0."
        assert pipl("packl", "bump", "patch").status == 0
        with (tool / "src" / "tool" / "__init__.py").open("a") as code:
            code.write("import no_such_module_at_all\n")
        result = pipl("packl", "publish", "--wait")
        assert (result.status, result.out) == (1, "")
        assert "error: tool 1.0.1 did not pass qa in the stage submitted.\n" in result.err
    finally:
        stopping.set()
        handlers.join(60)
    runs = json.loads(pipl("ci", "history", "tool", "--json").out)
    assert runs[0]["state"] == "failed"
    number = str(runs[0]["id"])
    assert "no_such_module_at_all" in pipl("ci", "logs", number).out
    assert pipl("ci", "status").out.startswith("RUN")
    assert pipl("ci", "retry", number).status == 0
    assert pipl("ci", "cancel", number).status == 0
    for words in (("logs",), ("retry",), ("cancel",)):
        result = pipl("ci", *words, "9999")
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("error: There is no run 9999.\n")


def test_a_task(pipl, workspace):
    words = ("task", "create", "shot", "task", "-e", "shot=sh010", "--shadow")
    result = pipl(*words)
    assert (result.status, result.out) == (0, "<project>/workspaces/lab/packls/shot\n")
    again = pipl(*words)
    assert again.status == 0
    assert "shot was that task already.\n" in again.err
    assert pipl("task", "list").out == (
        "TASK  TYPE  VERSION  ENTITY      WORKSPACE\nshot  task  0.1.0    shot=sh010  lab\n"
    )
    assert json.loads(pipl("task", "list", "--json").out)[0]["entity"] == {"shot": "sh010"}
    assert pipl("task", "commands").status == 0
    assert json.loads(pipl("task", "commands", "--json").out)["task"] == "shot"
    assert pipl("product", "show", "shot").out == (
        "shot 0.1.0\n"
        "  kind        task task\n"
        "  entity      shot=sh010\n"
        "  edited      <project>/workspaces/lab/packls/shot\n"
    )
    other = pipl("task", "create", "other", "task")
    assert other.status == 1
    assert "error: The workspace lab has a task already: shot.\n" in other.err
    assert pipl("task", "create", "x", "task", "-e", "shot").status == 2


def test_unknown_types(pipl, workspace):
    for kind in ("task", "product"):
        result = pipl(kind, "create", "hero", "no_such_type")
        assert (result.status, result.out) == (1, "")
        assert "no_such_type" in result.err
        assert not (workspace.folder / "packls" / "hero").exists()


def test_what_comes_from_the_third_party_mirror_is_told(pipl, tool, workspace):
    workspace.environment.uninstall(["iniconfig"])
    added = pipl("packl", "add", "iniconfig", "<3", "to read it")
    if added.status:
        pytest.skip("the third-party mirror does not reach its index")
    warning = "warning: iniconfig is no packl of MyProject: it comes from the third-party mirror.\n"
    assert added.err == f"Installing iniconfig\ntool depends on iniconfig<3.\n{warning}"
    assert pipl("packl", "add", "iniconfig", "<2.9").err == (
        "Installing iniconfig\ntool depends on iniconfig<2.9.\n"
    )
    assert pipl("packl", "remove", "iniconfig").status == 0
    installed = pipl("work", "install", "iniconfig<3")
    assert installed.err.endswith(warning)
    assert pipl("packl", "add", "pipl-hooks").err.endswith("depends on pipl-hooks<0.2,>=0.1.0.\n")
