"""A show's tasks from its edit and its recipe."""

from __future__ import annotations

import contextlib
import re
import tempfile
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError, InstallError, NotFoundError, Packl, Workspace
from pipl_core import show as module
from pipl_core.show import (
    PlannedTask,
    Recipe,
    Shot,
    import_tasks,
    plan_tasks,
    read_edit,
    released_products,
)

EDL = """\
TITLE: show
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: sq010_sh010

002  AX       V     C        00:00:00:00 00:00:01:12 01:00:02:00 01:00:03:12
* FROM CLIP NAME: sq010_sh020

003  AX       V     C        00:00:00:00 00:00:03:00 01:00:03:12 01:00:06:12
* FROM CLIP NAME: sq010_sh010
"""
RECIPE = """\
format = 1

[[asset]]
name = "char_hero"
entity = { character = "hero" }

[[asset]]
name = "prop_ball"
entity = { prop = "ball" }

[[asset_task]]
type = "sketch"
packl = "types"
output = "png"

[[asset_task]]
type = "model"
packl = "types"
output = "usd"
needs = ["sketch"]

[[shot_task]]
type = "layout"
packl = "types"
output = "usd"
needs = ["cast"]

[[shot_task]]
type = "anim"
packl = "more-types"
output = "usd"
needs = ["layout", "cast"]

[casting]
sq010_sh010 = ["char_hero", "prop_ball"]
"""
TYPES = """
from pipl_pipe import Asset, Task


class Type(Task):
    text = Asset("file")


class First(Type):
    type_name = "first"


class Second(Type):
    type_name = "second"
"""


@pytest.fixture
def written(tmp_path):
    """A function that writes a file and returns its path."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


class TestEdits:
    @pytest.fixture(autouse=True)
    def _otio(self):
        pytest.importorskip("opentimelineio")

    def test_of_an_edl_give_each_shot_once_with_its_longest_cut(self, written):
        pytest.importorskip("otio_cmx3600_adapter")
        assert read_edit(written("edit.edl", EDL)) == [
            Shot("sq010_sh010", "sq010", "sh010", 1001, 1072),
            Shot("sq010_sh020", "sq010", "sh020", 1001, 1036),
        ]

    def test_of_an_otio_file_leave_gaps_out(self, tmp_path):
        path = self.timeline(tmp_path, [("sq010-sh010", 24), (None, 10), ("a1_b2", 1)])
        assert read_edit(path) == [
            Shot("sq010-sh010", "sq010", "sh010", 1001, 1024),
            Shot("a1_b2", "a1", "b2", 1001, 1001),
        ]

    @pytest.mark.parametrize("name", ["", "sh010", "010_020", "sq010_sh010_v1", "../sq_sh", "ä_b"])
    def test_with_names_that_are_no_shots_are_errors(self, tmp_path, name):
        path = self.timeline(tmp_path, [("sq010_sh010", 24), (name, 24)])
        with pytest.raises(CoreError) as error:
            read_edit(path)
        assert error.value.message == f"The clip {name!r} of {path} names no shot."
        assert error.value.hint == "Name clips <sequence>_<shot>, such as sq010_sh010."

    def test_with_a_shot_of_no_length_are_errors(self, tmp_path):
        path = self.timeline(tmp_path, [("sq010_sh010", 0)])
        with pytest.raises(CoreError) as error:
            read_edit(path)
        assert error.value.message == f"The clip 'sq010_sh010' of {path} is 0 frames long."

    def test_without_clips_are_errors(self, tmp_path):
        path = self.timeline(tmp_path, [])
        with pytest.raises(CoreError) as error:
            read_edit(path)
        assert error.value.message == f"The edit {path} has no clips."

    def test_that_are_missing_are_errors(self, tmp_path):
        for path in (tmp_path / "no.edl", tmp_path):
            with pytest.raises(NotFoundError) as error:
                read_edit(path)
            assert error.value.message == f"There is no edit at {path}."

    @pytest.mark.parametrize("name", ["edit.otio", "edit.edl", "edit.png", "edit"])
    def test_that_are_none_are_errors(self, written, name):
        path = written(name, "This is no edit")
        with pytest.raises(CoreError) as error:
            read_edit(path)
        assert error.value.message in {
            f"The edit {path} cannot be read.",
            f"The edit {path} has no clips.",
        }

    @staticmethod
    def timeline(folder, clips):
        import opentimelineio as otio

        timeline = otio.schema.Timeline("show")
        track = otio.schema.Track("V", kind="Video")
        timeline.tracks.append(track)
        for name, frames in clips:
            start = otio.opentime.RationalTime(86400, 24)
            span = otio.opentime.TimeRange(start, otio.opentime.RationalTime(frames, 24))
            kind = otio.schema.Gap if name is None else otio.schema.Clip
            track.append(kind(name=name or "", source_range=span))
        path = folder / "edit.otio"
        otio.adapters.write_to_file(timeline, str(path))
        return path


def test_reading_an_edit_needs_opentimelineio(monkeypatch, written):
    monkeypatch.setitem(__import__("sys").modules, "opentimelineio", None)
    with pytest.raises(CoreError) as error:
        read_edit(written("edit.edl", EDL))
    assert error.value.message == "Reading an edit needs OpenTimelineIO."
    assert error.value.hint == 'Install it: pip install "pipl-core[show]".'


class TestPlans:
    def test_name_each_task_with_what_it_is_made_from(self, written):
        recipe = Recipe.read(written("recipe.toml", RECIPE))
        shots = [
            Shot("sq010_sh010", "sq010", "sh010", 1001, 1072),
            Shot("sq010_sh020", "sq010", "sh020", 1001, 1036),
        ]
        hero, ball = {"character": "hero"}, {"prop": "ball"}
        first = {"sequence": "sq010", "shot": "sh010", "frames": "1001-1072"}
        second = {"sequence": "sq010", "shot": "sh020", "frames": "1001-1036"}
        cast = ("char_hero_model_usd", "prop_ball_model_usd")
        rows = [
            ("char_hero_sketch", "sketch", "types", "char_hero_sketch_png", hero, ()),
            (
                *("char_hero_model", "model", "types", "char_hero_model_usd", hero),
                ("char_hero_sketch_png",),
            ),
            ("prop_ball_sketch", "sketch", "types", "prop_ball_sketch_png", ball, ()),
            (
                *("prop_ball_model", "model", "types", "prop_ball_model_usd", ball),
                ("prop_ball_sketch_png",),
            ),
            ("sq010_sh010_layout", "layout", "types", "sq010_sh010_layout_usd", first, cast),
            (
                *("sq010_sh010_anim", "anim", "more-types", "sq010_sh010_anim_usd", first),
                ("sq010_sh010_layout_usd", *cast),
            ),
            ("sq010_sh020_layout", "layout", "types", "sq010_sh020_layout_usd", second, ()),
            (
                *("sq010_sh020_anim", "anim", "more-types", "sq010_sh020_anim_usd", second),
                ("sq010_sh020_layout_usd",),
            ),
        ]
        assert plan_tasks(shots, recipe) == [PlannedTask(*row) for row in rows]

    def test_of_nothing_are_empty(self, written):
        recipe = Recipe.read(written("recipe.toml", "format = 1\n"))
        assert plan_tasks([Shot("a_b", "a", "b", 1001, 1002)], recipe) == []

    @pytest.mark.parametrize(
        ("before", "after", "message"),
        [
            ("char_hero", "käse", "'käse_sketch' cannot be the name of a packl."),
            ("char_hero", "../up", "'../up_sketch' cannot be the name of a packl."),
            ("char_hero", "nul.x", "'nul.x_sketch' cannot be the name of a packl."),
            ("char_hero", "x" * 94, f"{'x' * 94 + '_sketch'!r} cannot be the name of a packl."),
            ('"types"', '"a b"', "'a b' is no requirement."),
            ('"prop_ball"', '"Char-Hero"', "Two tasks or Products of this show would be called"),
            ('"prop_ball"', '"sq010_SH010"', None),
        ],
    )
    def test_with_names_that_no_packl_may_have_are_errors(self, written, before, after, message):
        recipe = Recipe.read(written("recipe.toml", RECIPE.replace(before, after)))
        shots = [Shot("sq010_sh010", "sq010", "sh010", 1001, 1072)]
        if message is None:  # an asset's task and a shot's have other types, so other names
            assert len(plan_tasks(shots, recipe)) == 6
            return
        with pytest.raises(CoreError) as error:
            plan_tasks(shots, recipe)
        assert error.value.message.startswith(message)

    def test_of_shots_that_differ_by_case_only_are_errors(self, written):
        recipe = Recipe.read(written("recipe.toml", RECIPE))
        shots = [Shot(n, n[:5], n[6:], 1001, 1010) for n in ("sq010_sh010", "SQ010-sh010")]
        with pytest.raises(CoreError) as error:
            plan_tasks(shots, recipe)
        assert error.value.message == (
            "Two tasks or Products of this show would be called 'SQ010-sh010_layout'."
        )
        assert error.value.context == (
            "'sq010_sh010_layout' and 'SQ010-sh010_layout' mean one packl."
        )


@given(data=st.data())
def test_a_recipe_with_one_value_spoiled_is_read_or_an_error(spoiled, data):
    try:
        text = tomlkit.dumps(data.draw(spoiled(tomllib.loads(RECIPE))))
    except Exception:  # noqa: BLE001  TOML cannot say it
        return
    shots = [Shot("sq010_sh010", "sq010", "sh010", 1001, 1072)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recipe.toml"
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(CoreError):
            for task in plan_tasks(shots, Recipe.read(path)):
                assert re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", task.name)


class TestRecipes:
    def test_with_an_unknown_cast_are_errors(self, written):
        path = written("recipe.toml", RECIPE.replace('"prop_ball"]', '"prop_bell"]'))
        with pytest.raises(CoreError) as error:
            Recipe.read(path)
        assert error.value.message == (
            f"The shot 'sq010_sh010' in {path} casts 'prop_bell', which is no asset there."
        )
        assert error.value.hint == "There are: char_hero, prop_ball."

    @pytest.mark.parametrize(
        ("before", "after", "kind", "need", "hint"),
        [
            ('"sketch"]', '"model"]', "model", "model", "Before it come: sketch."),
            ('["layout", "cast"]', '["paint"]', "anim", "paint", "Before it come: cast, layout."),
            ('needs = ["sketch"]', 'needs = ["cast"]', "model", "cast", "Before it come: sketch."),
        ],
    )
    def test_with_needs_that_come_to_nothing_are_errors(
        self, written, before, after, kind, need, hint
    ):
        path = written("recipe.toml", RECIPE.replace(before, after))
        with pytest.raises(CoreError) as error:
            Recipe.read(path)
        assert error.value.message == (
            f"The task type {kind!r} in {path} needs {need!r}, which comes to nothing."
        )
        assert error.value.hint == hint

    @pytest.mark.parametrize(
        "text",
        [
            "[",
            "format = 1\nasset = 5",
            "format = 1\nasset = [5]",
            "format = 1\n[[asset]]\nname = 'x'",
            "format = 1\n[[shot_task]]\ntype = 'x'",
            "format = 1\ncasting = []",
            "format = 1\n[casting]\nx = 5",
            "format = 1\n[casting]\nx = 'char_hero'",
            "format = 1\nfps = nan",
            "format = 1\nfps = 0",
            "format = 1\nfps = '24'",
            "format = 1\n[[asset]]\nname = 'x'\nentity = {frame = 5}",
            "format = 1\n" + 2 * "[[asset]]\nname = 'x'\nentity = {}\n",
            "format = 1\n" + 2 * "[[asset_task]]\ntype = 'x'\npackl = 'x'\noutput = 'x'\n",
            "format = 1\n[[shot_task]]\ntype = 5\npackl = 'x'\noutput = 'x'",
            "a = " + "[" * 100_000,
        ],
    )
    def test_that_cannot_be_read_are_errors(self, written, text):
        path = written("recipe.toml", text)
        with pytest.raises(CoreError) as error:
            Recipe.read(path)
        assert error.value.message == f"The recipe {path} cannot be read."

    @pytest.mark.parametrize(("text", "format_"), [("", None), ("format = 2", 2)])
    def test_of_another_format_are_errors(self, written, text, format_):
        path = written("recipe.toml", text)
        with pytest.raises(CoreError) as error:
            Recipe.read(path)
        assert error.value.message == (
            f"{path} has the format {format_!r}, which is not known here."
        )

    def test_that_are_missing_are_errors(self, tmp_path):
        with pytest.raises(CoreError) as error:
            Recipe.read(tmp_path / "no.toml")
        assert error.value.message == f"The recipe {tmp_path / 'no.toml'} cannot be read."


@pytest.mark.slow
@pytest.mark.needs_tools
class TestImporting:
    @pytest.fixture
    def planned(self, running_project, pipl_wheels, throw_away_packl, unique, tmp_path):
        """Two tasks, the second of which needs the first one's Product."""
        types, name = unique("show_types"), unique("hero")
        packl = throw_away_packl(
            tmp_path / "types",
            types,
            files={f"src/{types}/__init__.py": TYPES},
            dependencies=["pipl-pipe"],
            entry_points={
                "pipl_pipe.task_type": {"first": f"{types}:First", "second": f"{types}:Second"}
            },
        )
        throw_away_packl.publish(packl, running_project)
        product = f"{name}_first_usd"
        entity = {"character": "hero"}
        return [
            PlannedTask(f"{name}_first", "first", types, product, entity),
            PlannedTask(f"{name}_second", "second", types, f"{name}_x", entity, (product,)),
        ]

    def test_makes_what_is_ready_and_says_what_waits(
        self, running_project, planned, throw_away_packl, tmp_path
    ):
        one, two = planned
        said = []
        first, second = import_tasks(running_project, planned, said.append)
        assert (first.task, first.state, first.waits_for) == (one, "made", ())
        assert first.workspace.folder == running_project.workarea / one.name
        assert (second.task, second.state, second.workspace) == (two, "waits", None)
        assert second.waits_for == (one.product,)
        assert not (running_project.workarea / two.name).exists()
        assert said[0] == f"{one.name}: Making the environment"
        assert all(line.startswith(f"{one.name}: ") for line in said)
        (packl,) = first.workspace.packls
        assert (packl.name, packl.info.type, packl.info.entity) == (
            *(one.name, "first"),
            {"character": "hero"},
        )
        before = packl.file.read_bytes(), len(packl.history)

        said.clear()
        again = import_tasks(running_project, planned, said.append)
        assert ([task.state for task in again], said) == (["stands", "waits"], [])
        (packl,) = again[0].workspace.packls
        assert (packl.file.read_bytes(), len(packl.history)) == before

        throw_away_packl.release(running_project, one.product, tmp_path, "1.2.0")
        assert released_products(running_project)[one.product.replace("_", "-")] == "1.2.0"
        first, second = import_tasks(running_project, planned)
        assert (first.state, second.state, second.waits_for) == ("stands", "made", ())
        (packl,) = second.workspace.packls
        assert [str(r) for r in packl.requirements()][1:] == [f"{one.product}<2,>=1.2.0"]
        assert [edit.action for edit in packl.history] == ["create", "create_task", "add"]
        assert packl.history[-1].comment == "second is made from it"

    def test_leaves_nothing_of_a_task_that_cannot_be_made(
        self, running_project, planned, monkeypatch
    ):
        one = planned[0]

        def fail(*arguments):
            assert Workspace(running_project.workarea / one.name).packls == []
            raise InstallError("no")

        monkeypatch.setattr(module, "make", fail)
        with pytest.raises(InstallError):
            import_tasks(running_project, [one])
        assert not (running_project.workarea / one.name).exists()
        monkeypatch.undo()
        assert import_tasks(running_project, [one])[0].state == "made"
        assert Packl.find(running_project.workarea / one.name).name == one.name

    def test_never_takes_the_place_of_a_person_s_folder(self, running_project, planned):
        folder = running_project.workarea / planned[0].name
        folder.mkdir(parents=True)
        with pytest.raises(NotFoundError) as error:
            import_tasks(running_project, planned)
        assert error.value.message == f"{folder} is not a workspace."
        assert list(folder.iterdir()) == []
        folder.rmdir()
