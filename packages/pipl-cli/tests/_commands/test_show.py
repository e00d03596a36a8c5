"""`pipl show import`."""

import json
import shutil

import pytest

EDL = """\
TITLE: show
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: sq010_sh010

002  AX       V     C        00:00:00:00 00:00:01:12 01:00:02:00 01:00:03:12
* FROM CLIP NAME: sq010_sh020
"""
RECIPE = """\
format = 1

[[asset]]
name = "char_hero"
entity = { character = "hero" }

[[asset_task]]
type = "note"
packl = "note-types"
output = "txt"

[[shot_task]]
type = "note"
packl = "note-types"
output = "txt"
needs = ["cast"]

[casting]
sq010_sh010 = ["char_hero"]
sq010_sh020 = ["char_hero"]
"""
NAMES = ("char_hero_note", "sq010_sh010_note", "sq010_sh020_note")
PLAN = """\
task              type  is made from
char_hero_note    note  -
sq010_sh010_note  note  char_hero_note_txt
sq010_sh020_note  note  char_hero_note_txt
"""


@pytest.fixture(autouse=True)
def _otio():
    pytest.importorskip("otio_cmx3600_adapter")


@pytest.fixture
def words(tmp_path, pipl):
    """The command, with an edit and a recipe."""
    (tmp_path / "edit.edl").write_text(EDL)
    (tmp_path / "recipe.toml").write_text(RECIPE)
    pipl.names[str(tmp_path)] = "<here>"
    edit, recipe = str(tmp_path / "edit.edl"), str(tmp_path / "recipe.toml")
    return ["show", "import", edit, "--recipe", recipe]


def test_a_dry_run_shows_the_tasks_and_needs_no_project(pipl, words):
    result = pipl(*words, "--dry-run")
    assert (result.status, result.out, result.err) == (0, PLAN, "3 task(s)\n")
    first, second, _ = json.loads(pipl(*words, "--dry-run", "--json").out)
    assert first == {
        "name": "char_hero_note",
        "type": "note",
        "packl": "note-types",
        "product": "char_hero_note_txt",
        "entity": {"character": "hero"},
        "needs": [],
    }
    assert second["entity"] == {"sequence": "sq010", "shot": "sh010", "frames": "1001-1048"}


def test_what_cannot_be_read(pipl, words, tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE.replace('sh020 = ["char_hero"]', 'sh020 = ["char_villain"]'))
    result = pipl(*words)
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "error: The shot 'sq010_sh020' in <here>/recipe.toml casts 'char_villain', "
        "which is no asset there.\nhint: There are: char_hero.\n"
    )
    recipe.write_text("[")
    assert pipl(*words).err.startswith("error: The recipe <here>/recipe.toml cannot be read.\n")
    recipe.write_text(RECIPE)
    (tmp_path / "edit.edl").write_text(EDL.replace("sq010_sh020", "rain"))
    assert pipl(*words).err == (
        "error: The clip 'rain' of <here>/edit.edl names no shot.\n"
        "hint: Name clips <sequence>_<shot>, such as sq010_sh010.\n"
    )
    (tmp_path / "edit.edl").unlink()
    assert pipl(*words).err == (
        "error: There is no edit at <here>/edit.edl.\nhint: Name an EDL or an .otio file.\n"
    )
    assert pipl(*words[:3]).status == 2


def test_without_a_project_or_a_server(pipl, words, request):
    assert pipl(*words).err.startswith("error: There is no project at <here>")
    request.getfixturevalue("silent")
    result = pipl(*words)
    assert result.status == 1
    assert "error: No server answers at <address>.\n" in result.err


@pytest.mark.slow
def test_makes_what_is_ready_and_says_what_waits(pipl, words, project, note_types):
    try:
        result = pipl(*words)
        assert result.status == 0
        assert result.out == (
            "task              type  state  waits for\n"
            "char_hero_note    note  made   -\n"
            "sq010_sh010_note  note  waits  char_hero_note_txt\n"
            "sq010_sh020_note  note  waits  char_hero_note_txt\n"
        )
        assert result.err.startswith("Importing the edit\nchar_hero_note: Making the environment\n")
        assert result.err.endswith(
            "2 task(s) wait for Products; import again when these are released.\n"
        )
        again = pipl(*words, "--json")
        assert again.err == "Importing the edit\n"
        assert json.loads(again.out) == [
            {
                "name": "char_hero_note",
                "type": "note",
                "state": "stands",
                "workspace": "<project>/workspaces/char_hero_note",
                "waits_for": [],
            },
            *(
                {
                    "name": name,
                    "type": "note",
                    "state": "waits",
                    "workspace": None,
                    "waits_for": ["char_hero_note_txt"],
                }
                for name in NAMES[1:]
            ),
        ]
        (task,) = json.loads(pipl("task", "list", "--json").out)
        assert (task["name"], task["entity"]) == ("char_hero_note", {"character": "hero"})
    finally:
        for name in NAMES:
            shutil.rmtree(project.workarea / name, ignore_errors=True)
