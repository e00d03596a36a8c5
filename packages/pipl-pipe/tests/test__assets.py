from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from pipl_hooks import EntityReference, FormatError, Frames, PiplError, PluginError
from pipl_hooks.assets import references_to_text
from pipl_pipe import Asset, FolderAsset, PipelineError
from pipl_pipe._storing import store_asset


def publish(task, name, revision="1.0.0"):
    """Store the edited Asset, and hold its reference as a publication would."""
    asset = getattr(task, name)
    reference = store_asset(task.name, name, asset.type, asset.work_path, revision)
    path = task.packl.data_folder / "assets.json"
    path.write_text(references_to_text([reference]), encoding="utf-8")
    return reference


class TestEditing:
    def test_is_in_the_workspace(self, task, environment):
        work = environment.workspace / "work" / "sh010_writing"
        assert task.draft.work_path == work / "draft" / "sh010_writing_draft.txt"
        assert task.pictures.work_path == work / "pictures"

    def test_gives_a_path_to_write_to(self, task):
        with task.draft.edit() as path:
            assert path == task.draft.work_path
            assert not path.exists()
            path.write_text("roses")
        assert task.draft.current_path().read_text() == "roses"

    def test_starts_with_a_copy_of_the_installed_revision(self, task):
        with task.draft.edit() as path:
            path.write_text("roses")
        publish(task, "draft")
        task.draft.work_path.unlink()
        with task.draft.edit() as path:
            assert path.read_text() == "roses"
            path.write_text("violets")
        assert task.draft.path().read_text() == "roses"
        assert task.draft.current_path().read_text() == "violets"

    def test_of_a_folder_starts_with_a_copy_too(self, task):
        with task.pictures.edit() as path:
            (path / "sub").mkdir()
            (path / "sub" / "a.png").write_bytes(b"png")
        reference = publish(task, "pictures")
        assert (reference.files, reference.size) == (1, 3)
        (path / "sub" / "a.png").unlink()
        (path / "sub").rmdir()
        path.rmdir()
        with task.pictures.edit() as again:
            assert (again / "sub" / "a.png").read_bytes() == b"png"

    def test_that_cannot_copy_leaves_no_half_copy(self, task, monkeypatch):
        with task.pictures.edit() as path:
            for name in ("a", "b"):
                (path / name).write_text(name)
        publish(task, "pictures")
        for name in ("a", "b"):
            (path / name).unlink()
        path.rmdir()

        def full(source, target, **options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("shutil.copyfile", full)
        with pytest.raises(OSError, match="No space left"), task.pictures.edit():
            pass
        assert list(path.parent.iterdir()) == []


class TestReading:
    def test_before_the_first_revision_is_an_error(self, task):
        assert task.draft.reference is None
        for ask in (task.draft.path, task.draft.current_path, lambda: task.draft.location):
            with pytest.raises(PipelineError) as error:
                ask()
            assert error.value.message == "The Asset 'draft' of sh010_writing has no bytes yet."

    def test_has_a_reference_that_is_pinned_and_a_location(self, task):
        with task.draft.edit() as path:
            path.write_text("roses")
        reference = publish(task, "draft", "1.2")
        assert (reference.revision, reference.size, reference.files) == ("1.2", 5, 1)
        assert task.draft.entity_reference == EntityReference("sh010_writing", "draft", "1.2")
        assert task.draft.location == PurePosixPath(
            "sh010_writing/1.2/draft/sh010_writing_draft.txt"
        )


class TestStoring:
    def test_is_refused_when_the_type_s_check_finds_something(self, task, store):
        with task.draft.edit() as path:
            path.write_text("bad")
        with pytest.raises(PipelineError) as error:
            publish(task, "draft")
        assert error.value.message == (
            "The Asset 'draft' of sh010_writing is not fit to be published."
        )
        assert error.value.context == "It is bad."
        assert error.value.hint == "Write it well."

    def test_is_refused_when_a_plugin_finds_something(self, environment, task):
        code = (
            "from pipl_hooks import Problem, hookimpl\n\n@hookimpl\n"
            "def pipl_check_asset(type_name, path):\n"
            "    return [Problem(f'{type_name} {path.name} is too plain.')]\n"
        )
        environment.install("critics", code, entry_points={"pipl": {"x": "critics"}})
        from pipl_pipe import services

        with task.draft.edit() as path:
            path.write_text("roses")
        with pytest.raises(PipelineError) as error, services.overridden(asset_store=None):
            publish(task, "draft")
        assert error.value.context == "text sh010_writing_draft.txt is too plain."

    @pytest.mark.parametrize("answer", ["5", "'bad'", "[Problem(5)]", "Problem('It is bad.')"])
    def test_names_a_plugin_whose_answer_makes_no_sense(self, environment, task, answer):
        code = (
            "from pipl_hooks import Problem, hookimpl\n\n@hookimpl\n"
            f"def pipl_check_asset(type_name, path):\n    return {answer}\n"
        )
        environment.install("critics", code, entry_points={"pipl": {"x": "critics"}})
        with task.draft.edit() as path:
            path.write_text("roses")
        with pytest.raises(PluginError) as error:
            publish(task, "draft")
        assert error.value.message == ("The plugin x of critics 1.0.0 gave no list of problems.")

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            ("return None", "The check of the Asset type 'text' gave no list of problems."),
            ("1 / 0", "The check of the Asset type 'text' failed."),
            ("raise SystemExit", "The check of the Asset type 'text' failed."),
        ],
    )
    def test_names_a_type_whose_check_makes_no_sense(self, task, monkeypatch, answer, message):
        found = {}
        exec(f"def check(self, path):\n    {answer}\n", found)  # noqa: S102
        monkeypatch.setattr(type(task.draft.type), "check", found["check"])
        with task.draft.edit() as path:
            path.write_text("roses")
        with pytest.raises(PiplError) as error:
            publish(task, "draft")
        assert error.value.message == message

    @pytest.mark.parametrize("name", ["größe", "../up", "nul", ""])
    def test_is_refused_under_a_name_that_no_reference_can_hold(self, task, store, tmp_path, name):
        (tmp_path / "a.txt").write_text("roses")
        with pytest.raises(FormatError) as error:
            store_asset(task.name, name, task.draft.type, tmp_path / "a.txt", "1.0")
        assert error.value.message == f"{name!r} cannot be the name of an Asset."


class TestSaving:
    def test_stores_what_is_edited_and_records_it(self, edited_task):
        draft = edited_task.draft
        with draft.edit() as path:
            path.write_text("roses")
        saved = draft.save()
        assert saved.revision == f"1.0.0+saved.{saved.digest[7:15]}"
        assert (saved.size, saved.files, saved.frames) == (5, 1, "")
        assert edited_task.packl.references == {"draft": saved}
        assert draft.path().read_text() == "roses"
        path.write_text("violets")
        assert draft.path().read_text() == "roses"
        again = draft.save()
        assert again.revision != saved.revision
        assert draft.path().read_text() == "violets"
        # Those who edit anew begin with what was saved.
        path.unlink()
        with draft.edit() as path:
            assert path.read_text() == "violets"

    def test_of_what_is_stored_already_changes_nothing(self, edited_task):
        draft = edited_task.draft
        with draft.edit() as path:
            path.write_text("roses")
        published = publish(edited_task, "draft", "0.9")
        file = edited_task.packl.data_folder / "assets.json"
        before = (file.read_bytes(), file.stat().st_mtime_ns)
        assert draft.save() == published
        assert (file.read_bytes(), file.stat().st_mtime_ns) == before

    def test_keeps_the_other_assets(self, edited_task):
        with edited_task.draft.edit() as path:
            path.write_text("roses")
        published = publish(edited_task, "draft")
        with edited_task.pictures.edit() as path:
            (path / "a.png").write_bytes(b"png")
        saved = edited_task.pictures.save()
        assert edited_task.packl.references == {"draft": published, "pictures": saved}

    def test_of_what_is_not_fit_changes_nothing(self, edited_task, store):
        with edited_task.draft.edit() as path:
            path.write_text("bad")
        with pytest.raises(PipelineError, match="not fit to be published"):
            edited_task.draft.save()
        assert edited_task.packl.references == {}
        assert not (edited_task.packl.data_folder / "assets.json").exists()

    def test_of_nothing_is_an_error(self, edited_task):
        with pytest.raises(PipelineError) as error:
            edited_task.draft.save()
        assert error.value.message == "The Asset 'draft' of sh010_writing is not edited here."
        assert error.value.context == f"There is nothing at {edited_task.draft.work_path}."

    def test_needs_a_packl_in_edition(self, task, environment):
        with task.draft.edit() as path:
            path.write_text("roses")
        environment.set_up({}, tool=["pipl"])
        with pytest.raises(PipelineError) as error:
            task.draft.save()
        assert error.value.message == (
            "The packl sh010_writing is not in edition in this workspace."
        )
        assert error.value.hint == "Take it into edition: `pipl work edit sh010_writing`."

    def test_is_an_error_in_a_clean_environment(self, edited_task, environment):
        with edited_task.draft.edit() as path:
            path.write_text("roses")
        environment.set_up({})
        with pytest.raises(PipelineError) as error:
            edited_task.draft.save()
        assert error.value.message == "This is a clean environment, in which nothing is edited."

    def test_that_cannot_write_leaves_the_old_references(self, edited_task, monkeypatch):
        with edited_task.draft.edit() as path:
            path.write_text("roses")
        edited_task.draft.save()
        data = edited_task.packl.data_folder
        before = {file: file.read_bytes() for file in data.iterdir()}
        path.write_text("violets")

        def full(self, target):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pathlib.Path.replace", full)
        with pytest.raises(PipelineError) as error:
            edited_task.draft.save()
        assert error.value.message == f"{data / 'assets.json'} could not be written."
        assert error.value.context == "No space left on device"
        assert {file: file.read_bytes() for file in data.iterdir()} == before


class TestSequences:
    @pytest.fixture
    def renders(self, edited_task):
        class RenderTask(type(edited_task)):
            beauty = Asset("sequence")

        return RenderTask("sh010_writing")

    def write(self, asset, *names):
        with asset.edit() as folder:
            for name in names:
                (folder / name).write_text(name)
        return folder

    def test_tell_their_frames(self, renders):
        assert renders.beauty.frames is None
        self.write(renders.beauty, *(f"beauty.{number}.exr" for number in (1001, 1002, 1005)))
        saved = renders.beauty.save()
        assert (saved.frames, saved.files) == ("1001-1002,1005#", 3)
        assert renders.beauty.frames == Frames((1001, 1002, 1005), 4)
        assert renders.beauty.frames.missing == "1003-1004"
        folder = renders.beauty.path()
        assert renders.beauty.sequence() == str(folder / "beauty.1001-1002,1005#.exr")

    @pytest.mark.parametrize(
        ("names", "problem"),
        [
            (["a.1.exr", "a.02.exr"], "'a.1.exr' and 'a.02.exr' pad the frame differently."),
            (["a.1.exr", "notes.txt"], "'notes.txt' has no frame."),
            (["a.1.exr", "b.1.exr"], "'a.1.exr' and 'b.1.exr' differ in more than the frame."),
        ],
    )
    def test_that_are_none_are_not_stored(self, renders, names, problem):
        self.write(renders.beauty, *names)
        with pytest.raises(PipelineError) as error:
            renders.beauty.save()
        assert error.value.context == f"These files are not one sequence. {problem}"

    def test_hold_files_of_their_type_alone(self, renders, environment):
        code = (
            "from pipl_pipe import SequenceAsset\n\nclass Exr(SequenceAsset):\n"
            "    type_name = 'exr'\n    suffix = '.exr'\n"
        )
        environment.install("exr", code, entry_points={"pipl_pipe.asset_type": {"exr": "exr:Exr"}})
        renders.beauty.declared.type_name = "exr"
        self.write(renders.beauty, "a.1.exr", "a.2.tif")
        with pytest.raises(PipelineError) as error:
            renders.beauty.save()
        assert error.value.context == "a.2.tif is no .exr file."

    def test_are_asked_of_no_other_shape(self, renders):
        with pytest.raises(PipelineError) as error:
            renders.draft.sequence()
        assert error.value.message == "The Asset 'draft' of sh010_writing is no sequence."
        assert error.value.context == "It has the shape 'file'."


def test_types_have_shapes():
    assert (FolderAsset.type_name, FolderAsset.shape, FolderAsset.suffix) == (
        "folder",
        "folder",
        "",
    )
