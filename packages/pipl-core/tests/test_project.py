from __future__ import annotations

import os
import socket

import pytest

from pipl_core import ConflictError, CoreError, NotFoundError, Project, create_workarea, workareas
from pipl_core.project import free_port
from pipl_core.workspace import Workspace


class TestCreating:
    def test_makes_a_folder_with_its_parts(self, pipl_home, tmp_path):
        project = Project.create(tmp_path / "SHOW", port=4711)
        assert (project.name, project.address) == ("SHOW", "http://127.0.0.1:4711")
        assert project.install_url == "http://127.0.0.1:4711/root/PROJ/+simple/"
        names = sorted(path.name for path in project.folder.iterdir())
        assert names == ["assets", "pipl.toml", "system", "workspaces"]
        assert project.service_config == {
            "asset_store": {"root": str(tmp_path / "SHOW" / "assets")}
        }
        assert not project.service_config["asset_store"]["root"].startswith("assets")

    def test_where_one_is_already_is_a_conflict(self, fresh_project):
        with pytest.raises(ConflictError) as error:
            Project.create(fresh_project.folder)
        assert error.value.message == f"{fresh_project.folder} is a project already."

    def test_where_something_else_is_already_is_a_conflict(self, pipl_home, tmp_path):
        (tmp_path / "mine.txt").write_text("mine")
        with pytest.raises(ConflictError) as error:
            Project.create(tmp_path)
        assert error.value.message == f"{tmp_path} is not empty."
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_below_a_file_is_an_error(self, pipl_home, tmp_path):
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(CoreError) as error:
            Project.create(tmp_path / "file" / "SHOW")
        assert error.value.message == f"The project {tmp_path / 'file' / 'SHOW'} could not be made."

    def test_in_a_read_only_folder_is_an_error(self, pipl_home, tmp_path):
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o555)
        if os.access(folder, os.W_OK):
            pytest.skip("whoever runs this may write everywhere")
        with pytest.raises(CoreError):
            Project.create(folder / "SHOW")

    def test_takes_another_port_where_the_preferred_one_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert free_port(port) not in {0, port}


class TestFinding:
    def test_is_from_any_folder_in_it(self, fresh_project):
        folder = fresh_project.folder / "workspaces" / "a" / "b"
        folder.mkdir(parents=True)
        assert Project.find(folder).folder == fresh_project.folder

    def test_is_by_the_variable_where_the_folder_lies_in_none(
        self, fresh_project, tmp_path, monkeypatch
    ):
        with pytest.raises(NotFoundError) as error:
            Project.find(tmp_path)
        assert error.value.message == (
            f"There is no project at {tmp_path}, nor in a folder above it."
        )
        monkeypatch.setenv("PIPL_PROJECT", str(fresh_project.folder))
        assert Project.find(tmp_path).folder == fresh_project.folder

    def test_is_from_a_workarea_elsewhere(self, fresh_project, tmp_path):
        area = create_workarea(fresh_project, tmp_path / "elsewhere")
        (area / "some").mkdir()
        assert Project.find(area / "some").folder == fresh_project.folder
        assert workareas(fresh_project) == [fresh_project.workarea, area]
        with pytest.raises(ConflictError) as error:
            create_workarea(fresh_project, area)
        assert error.value.message == f"{area} is a workarea already."

    def test_of_a_broken_one_is_an_error(self, fresh_project):
        (fresh_project.folder / "pipl.toml").write_text("format = ")
        with pytest.raises(CoreError, match=r"pipl\.toml cannot be read"):
            Project.find(fresh_project.folder)

    def test_of_a_folder_that_is_none_is_an_error(self, tmp_path):
        with pytest.raises(NotFoundError) as error:
            Project(tmp_path / "nothing")
        assert error.value.message == f"{tmp_path / 'nothing'} is not a project."


class TestWorkspaceFiles:
    @pytest.mark.parametrize(
        "text", ["format = ", "", "format = 1", 'format = 1\nname = "w"\nproject = "../.."']
    )
    def test_that_are_broken_are_an_error(self, tmp_path, text):
        (tmp_path / "workspace.toml").write_text(text)
        with pytest.raises(CoreError) as error:
            Workspace(tmp_path)
        assert error.value.message == f"{tmp_path / 'workspace.toml'} cannot be read."

    def test_that_are_missing_are_an_error(self, tmp_path):
        with pytest.raises(NotFoundError) as error:
            Workspace(tmp_path)
        assert error.value.message == f"{tmp_path} is not a workspace."
        with pytest.raises(NotFoundError) as error:
            Workspace.find(tmp_path)
        assert error.value.message == (
            f"There is no workspace at {tmp_path}, nor in a folder above it."
        )
