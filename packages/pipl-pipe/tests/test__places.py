from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, replace
from pathlib import PurePosixPath

import pytest

from pipl_hooks import AssetReference, PluginError
from pipl_hooks.assets import references_to_text
from pipl_pipe import FileAsset, PipelineError, location
from pipl_pipe.__main__ import main
from pipl_pipe._places import base_name, placed
from pipl_pipe._storing import as_revision, store_asset

NAMES = """
from pipl_hooks import hookimpl


@hookimpl
def pipl_asset_base_name(packl, asset, suffix):
    return f"{packl}.{asset}{suffix}"


@hookimpl
def pipl_asset_location(packl, revision, asset):
    return f"FOLDER/{packl}/v{revision}/{asset}"
"""
UNKNOWN = AssetReference("model", "file", "1.0", "sha256:" + "0" * 64, 5, 1)


@pytest.fixture
def naming(types):
    """A function that installs a naming convention, or with None removes it."""

    def naming(folder):
        for each in types.site.glob("*names*"):
            shutil.rmtree(each)
        if folder is None:
            types.set_up({}, tool=["pipl"])
            return
        name = f"{folder}_names"
        code = NAMES.replace("FOLDER", folder)
        types.install(name, code, entry_points={"pipl": {name: name}})

    return naming


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """A function that asks as the tool side does."""

    def ask(*arguments):
        answer = tmp_path / "answer.json"
        monkeypatch.setattr(sys, "argv", ["pipl_pipe", "--answer", str(answer), *arguments])
        status = main()
        found = json.loads(answer.read_text(encoding="utf-8"))
        assert status == 0, found
        return found

    return ask


def written(task, text="roses"):
    with task.draft.edit() as path:
        path.write_text(text)
    return path


def hold(task, *references):
    """Have the packl hold references, as a publication does."""
    path = task.packl.data_folder / "assets.json"
    path.write_text(references_to_text(references), encoding="utf-8")


class TestLocation:
    def test_is_below_packl_revision_and_asset(self, environment):
        assert location("rig", "1.0", "model") == PurePosixPath("rig/1.0/model")

    @pytest.mark.parametrize(
        "answer", ["/abs", "../up", "a/../../b", ".", "a/nul.x", "a\\b", "C:/a"]
    )
    def test_never_leaves_the_store(self, environment, answer):
        code = (
            "from pipl_hooks import hookimpl\n\n@hookimpl\n"
            f"def pipl_asset_location(packl, revision, asset):\n    return {answer!r}\n"
        )
        environment.install("places", code, entry_points={"pipl": {"x": "places"}})
        with pytest.raises(PipelineError) as error:
            location("rig", "1.0", "model")
        assert error.value.message == f"A plugin put the Asset 'model' of rig at {answer!r}."
        assert error.value.context == f"{answer!r} cannot be the location of an Asset."

    @pytest.mark.parametrize("answer", ["../up.txt", "a/b.txt", "", "nul.txt", "a:b"])
    def test_of_a_file_is_a_name_alone(self, environment, answer):
        code = (
            "from pipl_hooks import hookimpl\n\n@hookimpl\n"
            f"def pipl_asset_base_name(packl, asset, suffix):\n    return {answer!r}\n"
        )
        environment.install("places", code, entry_points={"pipl": {"x": "places"}})
        with pytest.raises(PipelineError) as error:
            base_name("rig", "model", FileAsset())
        assert error.value.message == (
            f"A plugin named the file of the Asset 'model' of rig {answer!r}."
        )

    def test_and_name_of_a_plugin_that_fails_are_an_error_that_names_it(self, environment):
        environment.install(
            "places", NAMES.replace("return", "1 / 0 #"), entry_points={"pipl": {"x": "places"}}
        )
        for asked in (
            lambda: location("rig", "1.0", "model"),
            lambda: base_name("rig", "model", FileAsset()),
        ):
            with pytest.raises(PluginError, match="The plugin x of places "):
                asked()

    def test_and_name_come_from_a_studio_s_plugin(self, naming):
        naming("sq010")
        assert location("rig", "1", "model") == PurePosixPath("sq010/rig/v1/model")
        assert base_name("rig", "model", FileAsset()) == "rig.model"


class TestPlaced:
    def test_asks_the_plugins_where_nothing_is_recorded(self, naming):
        assert placed("rig", UNKNOWN) == replace(
            UNKNOWN, location="rig/1.0/model", base_name="rig_model"
        )
        naming("sq010")
        assert placed("rig", UNKNOWN) == replace(
            UNKNOWN, location="sq010/rig/v1.0/model", base_name="rig.model"
        )

    def test_changes_nothing_that_is_recorded(self, naming):
        recorded = replace(UNKNOWN, type="gone", location="a/b", base_name="c")
        naming("sq010")
        assert placed("rig", recorded) is recorded
        half = replace(UNKNOWN, location="a/b")
        assert placed("rig", half) == replace(half, base_name="rig.model")


class TestRevisions:
    def test_record_where_they_are(self, task, naming):
        naming("sq010")
        written(task)
        made = store_asset(task.name, "draft", task.draft.type, task.draft.work_path, "1.0")
        assert (made.location, made.base_name) == (
            "sq010/sh010_writing/v1.0/draft",
            "sh010_writing.draft.txt",
        )

    def test_stay_where_they_are_whoever_reads_them(self, task, naming):
        naming("sq010")
        written(task)
        made = store_asset(task.name, "draft", task.draft.type, task.draft.work_path, "1.0")
        hold(task, made)
        place = PurePosixPath("sq010/sh010_writing/v1.0/draft/sh010_writing.draft.txt")
        for folder in (None, "sq020"):
            naming(folder)
            assert task.draft.reference == made
            assert task.draft.location == place
            assert task.draft.base_name == place.name

    def test_of_old_packls_are_where_the_plugins_say(self, task, naming):
        written(task)
        made = store_asset(task.name, "draft", task.draft.type, task.draft.work_path, "1.0")
        hold(task, replace(made, location="", base_name=""))
        assert str(task.draft.location) == "sh010_writing/1.0/draft/sh010_writing_draft.txt"
        naming("sq020")
        assert str(task.draft.location) == (
            "sq020/sh010_writing/v1.0/draft/sh010_writing.draft.txt"
        )

    def test_each_get_a_place_by_the_names_of_their_day(self, task, store, naming):
        written(task)
        first = store_asset(task.name, "draft", task.draft.type, task.draft.work_path, "1.0")
        naming("sq010")
        assert as_revision(task.name, first, "1.1") == replace(
            first,
            revision="1.1",
            location="sq010/sh010_writing/v1.1/draft",
            base_name="sh010_writing.draft.txt",
        )

    def test_reserve_their_place(self, task, store, monkeypatch):
        reserved = []
        monkeypatch.setattr(store, "reserve", lambda *each: reserved.append(each), raising=False)
        written(task)
        made = store_asset(task.name, "draft", task.draft.type, task.draft.work_path, "1.0")
        assert reserved == [("sh010_writing", made)]

    def test_that_are_saved_have_a_place_of_their_own(self, edited_task, naming):
        naming("sq010")
        written(edited_task)
        saved = edited_task.draft.save()
        assert saved.location == f"sq010/sh010_writing/v{saved.revision}/draft"
        # The same bytes are the same revision, however it would be called now.
        naming("sq020")
        assert edited_task.draft.save() == saved
        assert edited_task.packl.references == {"draft": saved}


class TestWork:
    def test_goes_on_under_the_name_that_it_began_with(self, task, naming):
        old = written(task)
        made = store_asset(task.name, "draft", task.draft.type, task.draft.work_path, "1.0")
        hold(task, made)
        naming("sq010")
        assert task.draft.work_path == old
        old.unlink()
        new = old.with_name("sh010_writing.draft.txt")
        assert task.draft.work_path == new
        new.write_text("violets")
        old.write_text("roses")
        assert task.draft.work_path == new


class TestQuestions:
    def test_save_gives_what_is_unchanged_a_new_place_too(self, task, naming, ask):
        work = written(task)
        (first,) = ask("save", "sh010_writing", "1.0.0")
        hold(task, AssetReference(**first))
        work.unlink()
        naming("sq010")
        (second,) = ask("save", "sh010_writing", "1.1.0")
        assert second == {
            **first,
            "revision": "1.1.0",
            "location": "sq010/sh010_writing/v1.1.0/draft",
            "base_name": "sh010_writing.draft.txt",
        }

    def test_what_was_kept_is_revealed_where_it_was_recorded(
        self, task, store, naming, ask, tmp_path, monkeypatch
    ):
        naming("sq010")
        written(task)
        (reference,) = ask("save", "sh010_writing", "1.0.0")
        hold(task, AssetReference(**reference))
        exported = ask("export", str(tmp_path / "out"))
        (tmp_path / "export.json").write_text(json.dumps(exported))
        kept = ask("keep", str(tmp_path / "export.json"), "1.0.0")
        ((poem,),) = kept.values()
        assert poem["location"] == "sq010/sh010_writing_poem/v1.0.0/text"
        (tmp_path / "kept.json").write_text(json.dumps(kept))
        naming(None)
        shown = []

        def publish(packl, reference):
            shown.append((packl, asdict(reference)))
            return store.path(packl, reference)

        monkeypatch.setattr(store, "publish", publish, raising=False)
        ask("reveal", str(tmp_path / "kept.json"), "sh010_writing")
        assert shown == [("sh010_writing_poem", poem), ("sh010_writing", reference)]

    def test_what_is_to_be_revealed_outside_of_the_store_is_refused(
        self, task, store, tmp_path, monkeypatch
    ):
        evil = asdict(replace(UNKNOWN, location="../up", base_name="x"))
        (tmp_path / "kept.json").write_text(json.dumps({"rig": [evil]}))
        answer = tmp_path / "answer.json"
        arguments = ["reveal", str(tmp_path / "kept.json"), "sh010_writing"]
        monkeypatch.setattr(sys, "argv", ["pipl_pipe", "--answer", str(answer), *arguments])
        assert main() == 1
        assert json.loads(answer.read_text())["error"]["message"] == (
            "'../up' cannot be the location of an Asset."
        )
