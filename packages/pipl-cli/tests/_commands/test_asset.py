"""`pipl asset …`, `product …` and `ci …`: real bytes, from a task to its released Product."""

import contextlib
import json
import re

import pytest

from pipl_testing import PacklMaker

pytestmark = pytest.mark.slow

HELLO = "sha256:afc4c1ea436ce7efb4bb90702db078214a58856dcb8e275a9b61e5aa339a6fe4"
"""Of the manifest of one file that holds `hello`."""


@pytest.fixture
def drained(pipl, project):
    """The ledger, without anything that waits."""
    assert pipl("ci", "start", "--once").status == 0


def released(project, name):
    with contextlib.closing(project.client()) as client:
        return [release.version for release in client.releases("root/PROJ", name)]


def test_a_task_publishes_its_asset_and_gets_its_product_released(pipl, at_desk, project, drained):
    assert pipl("task", "create", "sq1_sh1", "note", "-e", "shot=sh1").status == 0
    assert pipl("asset", "list").err == "No packl here has Assets.\n"
    empty = pipl("packl", "publish")
    assert empty.status == 1
    assert empty.err.endswith(
        "error: The Asset 'draft' of sq1_sh1 has no bytes to publish.\n"
        "  There is nothing at <project>/workspaces/desk/work/sq1_sh1/draft/sq1_sh1_draft.\n"
        "hint: Make it with one of the task's commands; `pipl task commands` lists them.\n"
    )
    assert pipl("work", "run", "--", "sq1_sh1-build").status == 0
    published = pipl("packl", "publish")
    assert (published.status, published.out) == (0, "<address>/root/submitted/sq1_sh1/0.1.0\n")

    check_the_asset(pipl)
    check_the_task(pipl)
    check_the_runs(pipl, project)
    check_the_product(pipl, project)


def check_the_asset(pipl):
    assert pipl("asset", "list").out == (
        "PACKL    ASSET  TYPE  REVISION  FILES  FRAMES  BYTES  DIGEST\n"
        f"sq1_sh1  draft  file  0.1.0     1      -       5      {HELLO[7:19]}\n"
    )
    assert json.loads(pipl("asset", "list", "--json").out) == [
        {
            "packl": "sq1_sh1",
            "name": "draft",
            "type": "file",
            "revision": "0.1.0",
            "digest": HELLO,
            "size": 5,
            "files": 1,
            "frames": "",
            "location": "sq1_sh1/0.1.0/draft",
            "base_name": "sq1_sh1_draft",
        }
    ]
    whole = pipl("asset", "verify")
    assert (whole.status, whole.out) == (0, "")
    assert whole.err == (
        "Reading the Assets\nReading the Assets of sq1_sh1\n1 of 1 packls are whole.\n"
    )
    assert json.loads(pipl("asset", "verify", "sq1_sh1", "--json").out) == {"sq1_sh1": []}


def check_the_task(pipl):
    assert pipl("product", "list").out == (
        "PRODUCT  VERSION  KIND  TYPE  ASSETS  EDITED\n"
        "sq1_sh1  0.1.0    task  note  draft   edited\n"
    )
    assert pipl("product", "show", "sq1-sh1").out == (
        "sq1_sh1 0.1.0\n"
        "  kind        task note\n"
        "  entity      shot=sh1\n"
        "  edited      <project>/workspaces/desk/packls/sq1_sh1\n"
        "  asset       pipl:///sq1_sh1@0.1.0/draft\n"
        f"              file, 1 file, 5 bytes, {HELLO}\n"
    )


def check_the_runs(pipl, project):
    assert pipl("ci", "history", "sq1_sh1").err == "There are no runs of sq1_sh1.\n"
    performed = pipl("ci", "start", "--once")
    assert (performed.status, performed.out) == (0, "")
    assert performed.err.startswith("Following MyProject at <address>\n")
    assert performed.err.endswith("Performed 2 runs.\n")
    process, qa = json.loads(pipl("ci", "history", "sq1-sh1", "--json").out)
    assert (qa["state"], qa["stage"], qa["handler"], qa["attempt"]) == (
        *("passed", "submitted", "qa"),
        1,
    )
    assert (process["state"], process["summary"]) == ("passed", "Released sq1_sh1_txt==0.1.0.")
    assert process["products"] == ["sq1_sh1_txt==0.1.0"]
    rows = pipl("ci", "history", "sq1_sh1").out.splitlines()
    assert rows[0].split() == [
        *("RUN", "STATE", "STAGE", "HANDLER", "PACKL", "VERSION", "TRY", "TIME", "SUMMARY")
    ]
    assert [row.split()[1:7] for row in rows[1:]] == [
        ["passed", "checked", "process", "sq1-sh1", "0.1.0", "1"],
        ["passed", "submitted", "qa", "sq1-sh1", "0.1.0", "1"],
    ]
    log = pipl("ci", "logs", str(qa["id"]))
    assert re.sub(r"(?m)^\S+ |(?<=in )[\d.]+", "", log.out).startswith(
        "qa of sq1-sh1 0.1.0, which arrived in root/submitted\n"
    )
    assert " ok: its Assets verify\n" in log.out
    for verb, what in (("retry", "tried again"), ("cancel", "cancelled")):
        refused = pipl("ci", verb, str(qa["id"]))
        assert refused.status == 1
        assert refused.err.startswith(
            f"error: The run {qa['id']} of sq1-sh1 0.1.0 cannot be {what}: it is passed.\n"
        )
    newest = json.loads(pipl("ci", "status", "--limit", "1", "--json").out)
    assert newest == [process]
    assert released(project, "sq1_sh1") == released(project, "sq1_sh1_txt") == ["0.1.0"]


def check_the_product(pipl, project):
    installed = pipl("work", "install", "sq1_sh1_txt")
    assert installed.err == "Installing sq1_sh1_txt\n+ sq1-sh1-txt 0.1.0\n"
    shown = json.loads(pipl("product", "show", "sq1_sh1_txt", "--json").out)
    assert (shown["kind"], shown["type"], shown["edited"], shown["entity"]) == (
        *("product", "note", None),
        {"shot": "sh1"},
    )
    code = "import sq1_sh1_txt as p; print(p.PRODUCT.text.path().read_text())"
    assert pipl("work", "py", "-c", code).out == "HELLO\n"
    names = [row.split()[0] for row in pipl("product", "list").out.splitlines()[1:]]
    assert names == ["sq1_sh1", "sq1_sh1_txt"]

    # Bytes that change in the store are found.
    (path,) = (
        p
        for p in (project.folder / "assets" / "objects").rglob("*")
        if p.is_file() and p.read_bytes() == b"HELLO"
    )
    path.chmod(0o644)
    path.write_bytes(b"hULLO")
    try:
        found = pipl("asset", "verify", "sq1_sh1_txt")
        assert found.status == 1
        assert re.sub("[0-9a-f]{64}", "…", found.out) == (
            "sq1_sh1_txt: text: file: sha256:… is damaged: 5 bytes with the digest sha256:…\n"
        )
        assert found.err.endswith("0 of 1 packls are whole.\n")
    finally:
        path.write_bytes(b"HELLO")
    assert pipl("asset", "verify", "sq1_sh1_txt").status == 0


def test_a_run_that_fails_is_tried_again_and_one_that_waits_is_cancelled(
    pipl, project, tmp_path, drained
):
    make = PacklMaker()
    broken = make(
        tmp_path, "broken_tool", files={"src/broken_tool/__init__.py": "import no_such_thing\n"}
    )
    make.publish(broken, project, "root/submitted")
    performed = pipl("ci", "start", "--once")
    assert (performed.status, performed.err.splitlines()[-1]) == (0, "Performed 1 run.")
    (run,) = json.loads(pipl("ci", "history", "broken-tool", "--json").out)
    assert (run["state"], run["summary"]) == ("failed", "Failed: it imports.")
    assert "No module named 'no_such_thing'" in pipl("ci", "logs", str(run["id"])).out

    number = str(run["id"])
    assert pipl("ci", "retry", number).err == (
        f"The run {number} of broken-tool 0.1.0 is queued.\n"
    )
    waits = pipl("ci", "logs", number)
    assert waits.status == 1
    assert waits.err.startswith(f"error: The run {number} has no log: it is queued.\n")
    assert pipl("ci", "retry", number).status == 1
    assert pipl("ci", "cancel", number).err == (
        f"The run {number} of broken-tool 0.1.0 is cancelled.\n"
    )
    assert pipl("ci", "cancel", number).status == 1
    assert pipl("ci", "start", "--once").err.endswith("Performed 0 runs.\n")
    (run,) = json.loads(pipl("ci", "history", "broken_tool", "--json").out)
    assert (run["state"], run["attempt"], run["summary"]) == ("cancelled", 2, "Cancelled.")


def test_runs_that_do_not_exist(pipl, project):
    for verb in ("logs", "retry", "cancel"):
        result = pipl("ci", verb, "999")
        assert (result.status, result.out, result.err) == (
            *(1, ""),
            "error: There is no run 999.\nhint: `pipl ci status` lists the runs.\n",
        )
        assert pipl("ci", verb, "x").status == 2
    assert pipl("ci", "history", "nobody").err == "There are no runs of nobody.\n"
    assert json.loads(pipl("ci", "history", "nobody", "--json").out) == []
    assert pipl("ci", "status", "--limit", "0").status == 2


def test_handlers_of_a_project_that_is_not_set_up(pipl, silent):
    result = pipl("ci", "start", "--once")
    assert (result.status, result.err) == (
        1,
        (
            "Following Silent at <address>\n"
            "error: The project Silent is not set up, so its handlers have no user.\n"
            "hint: Set it up: `pipl proj setup`.\n"
        ),
    )
    assert pipl("ci", "status").err == "There are no runs yet.\n"
    assert json.loads(pipl("ci", "status", "--json").out) == []


def test_products_are_made_and_what_they_hold_is_shown(pipl, at_desk):
    made = pipl("product", "create", "char_hero", "note", "-e", "character=hero")
    assert (made.status, made.out) == (0, "<project>/workspaces/desk/packls/char_hero\n")
    assert made.err == (
        "Making the product char_hero\nMaking the packl char_hero\nInstalling char_hero\n"
        "char_hero is a product of the type note.\n"
    )
    assert pipl("product", "create", "char_hero", "note").err.endswith(
        "char_hero was that product already.\n"
    )
    refused = pipl("product", "create", "char_hero", "song")
    assert refused.err.endswith(
        "error: char_hero is a product of the type 'note' already.\n"
        "hint: Make a packl of another name for it.\n"
    )
    assert pipl("product", "show", "char_hero").out == (
        "char_hero 0.1.0\n"
        "  kind        product note\n"
        "  entity      character=hero\n"
        "  edited      <project>/workspaces/desk/packls/char_hero\n"
    )
    (shown,) = json.loads(pipl("product", "list", "--json").out)
    assert (shown["name"], shown["assets"], shown["problem"]) == ("char_hero", {}, None)
    data = at_desk.folder / "packls" / "char_hero" / "src" / "char_hero" / "_packl"
    (data / "packl.toml").write_text("format = 9\n")
    damaged = pipl("product", "list")
    assert damaged.status == 0
    assert damaged.err == (
        "warning: char_hero cannot be read: Format 9 of packl.toml is not known here.\n"
    )
    assert pipl("product", "show", "hero").err == (
        "error: The workspace desk has no product 'hero'.\n"
        "hint: Did you mean 'char_hero'? It has: char_hero. Install one: `pipl work install NAME`.\n"
    )
