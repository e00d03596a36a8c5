"""Packls that become Tasks and Products."""

from __future__ import annotations

import ast

import pytest
import tomlkit

from pipl_core import ConflictError, CoreError, NotFoundError, PacklError, Workspace
from pipl_core.tasks import add_type, make, task_of, with_instance
from pipl_hooks import PacklInfo

pytestmark = pytest.mark.needs_tools

TYPES = """
from pipl_pipe import Asset, Product, Task, command


class NoteProduct(Product):
    type_name = "note"
    text = Asset("file")


class NoteTask(Task):
    type_name = "note"
    text = Asset("file")

    @command
    def build(self):
        \"\"\"Write it.\"\"\"
"""
TARGET = "note_types:NoteTask"
ADDED = "from note_types import NoteTask\n\nTASK = NoteTask(__name__)\n"
DESCRIBED = {
    "type_packl": "note-types",
    "type_version": "1.2.0",
    "assets": ["text"],
    "commands": [{"name": "build", "program": "build.main"}],
}


class TestCode:
    def test_gets_an_instance_at_its_end(self):
        assert with_instance('"""Doc."""\n', "TASK", TARGET) == f'"""Doc."""\n\n{ADDED}'

    @pytest.mark.parametrize(
        "code",
        [
            "TASK = make()\n",
            "A = TASK = None",
            "TASK: object = make()",
            "from x import Y\nTASK = Y(__name__)  # mine\n\n\n",
        ],
    )
    def test_that_has_one_stays_as_it_is(self, code):
        assert with_instance(code, "TASK", TARGET) == code

    @pytest.mark.parametrize(
        "code", ["def f():\n    TASK = 5\n", "print('TASK = 5')", "TASKS = []", "del TASK", "TASK"]
    )
    def test_that_only_looks_like_it_gets_one(self, code):
        assert with_instance(code, "TASK", TARGET) == f"{code.rstrip()}\n\n{ADDED}"

    def test_keeps_a_person_s_line_endings(self):
        code = "# mine\r\nX = 5\r\n"
        made = with_instance(code, "TASK", TARGET)
        assert made.startswith("# mine\r\nX = 5\r\n\r\n")
        assert made.count("\n") == made.count("\r\n")
        ast.parse(made)

    @pytest.mark.parametrize("code", ["def (", "x = \0"])
    def test_that_is_no_python_is_an_error(self, code):
        with pytest.raises(PacklError) as error:
            with_instance(code, "TASK", TARGET)
        assert error.value.message == "The packl's code is not valid Python."


class TestMetadata:
    def test_gets_dependency_entry_points_and_commands(self):
        project = tomlkit.parse('[project]\nname = "sh"\n')["project"]
        add_type(project, "sh", "task", DESCRIBED)
        once = tomlkit.dumps({"project": project})
        assert project.unwrap() == {
            "name": "sh",
            "dependencies": ["note-types>=1.2.0,<2"],
            "entry-points": {
                "pipl_pipe.task": {"sh": "sh:TASK"},
                "pipl_pipe.asset": {"sh.text": "sh:TASK.text"},
            },
            "scripts": {"sh-build": "sh:TASK.build.main"},
        }
        add_type(project, "sh", "task", DESCRIBED)
        assert tomlkit.dumps({"project": project}) == once

    def test_keeps_what_a_person_asked_for(self):
        text = '[project]\ndependencies = ["Note_Types==1.0"]\nscripts = { mine = "sh:mine" }\n'
        project = tomlkit.parse(text)["project"]
        add_type(project, "sh", "task", DESCRIBED)
        assert project["dependencies"] == ["Note_Types==1.0"]
        assert project["scripts"] == {"mine": "sh:mine", "sh-build": "sh:TASK.build.main"}

    def test_of_a_type_without_assets_and_commands_has_none(self):
        project = tomlkit.parse("[project]\n")["project"]
        add_type(project, "sh", "product", {**DESCRIBED, "assets": [], "commands": []})
        assert project.unwrap()["entry-points"] == {"pipl_pipe.product": {"sh": "sh:PRODUCT"}}
        assert "scripts" not in project


@pytest.fixture(scope="module")
def bench(running_project, pipl_wheels, tmp_path_factory):
    """A workspace with the note types, for all tests."""
    from pipl_testing import PacklMaker

    throw_away_packl = PacklMaker()
    packl = throw_away_packl(
        tmp_path_factory.mktemp("types"),
        "bench_types",
        files={"src/bench_types/__init__.py": TYPES},
        version="1.2.0",
        dependencies=["pipl-pipe"],
        entry_points={
            "pipl_pipe.task_type": {"note": "bench_types:NoteTask"},
            "pipl_pipe.product_type": {"note": "bench_types:NoteProduct"},
        },
    )
    throw_away_packl.publish(packl, running_project)
    return Workspace.create(running_project, "tasks", requirements=["bench-types"])


@pytest.mark.slow
class TestMaking:
    @pytest.fixture(autouse=True)
    def _clean(self, bench):
        yield
        import shutil

        for folder in (bench.folder / "packls").iterdir():
            shutil.rmtree(folder)
        bench.install_edited()

    def test_twice_changes_nothing(self, bench):
        made = make(bench, "task", "sh010", "note", {"shot": "sh010"})
        files = {p: p.read_bytes() for p in made.packl.folder.rglob("*") if p.is_file()}
        said = []
        for name in ("sh010", "SH010"):
            again = make(bench, "task", name, "note", progress=said.append)
            assert (again.changed, again.commands) == (False, ("sh010-info", "sh010-build"))
        assert {p: p.read_bytes() for p in made.packl.folder.rglob("*") if p.is_file()} == files
        assert said == []
        assert made.packl.info == PacklInfo("task", "note", {"shot": "sh010"})
        assert task_of(bench).name == "sh010"

    def test_a_second_task_is_refused_and_leaves_nothing(self, bench):
        make(bench, "task", "sh010", "note")
        with pytest.raises(ConflictError) as error:
            make(bench, "task", "sh020", "note")
        assert error.value.message == "The workspace tasks has a task already: sh010."
        assert error.value.hint == (
            "There is one task per workspace: make another with `pipl work create NAME`."
        )
        assert [packl.name for packl in bench.packls] == ["sh010"]

    def test_a_product_may_be_edited_beside_the_task(self, bench):
        make(bench, "task", "sh010", "note")
        made = make(bench, "product", "hero_note", "note", {"character": "hero"})
        assert made.packl.info == PacklInfo("product", "note", {"character": "hero"})
        assert made.commands == ()
        code = (made.packl.folder / "src" / "hero_note" / "__init__.py").read_text()
        assert code.endswith("\n\nPRODUCT = NoteProduct(__name__)\n")
        with pytest.raises(ConflictError) as error:
            make(bench, "product", "hero_note", "other")
        assert error.value.message == "hero_note is a product of the type 'note' already."

    @pytest.mark.parametrize("kind", ["task", "product"])
    def test_an_unknown_type_names_those_there_are(self, bench, kind):
        with pytest.raises(CoreError) as error:
            make(bench, kind, "song", "singing")
        assert error.value.message == (
            f"No packl in this environment gives the {kind} type 'singing'."
        )
        there = {"task": "note, task", "product": "note, product"}[kind]
        assert error.value.context == f"There are: {there}."
        assert bench.packls == []

    @pytest.mark.parametrize("name", ["", "1x", "class", "json", "a b", "../x"])
    def test_a_name_that_no_packl_may_have_is_an_error(self, bench, name):
        with pytest.raises(PacklError):
            make(bench, "task", name, "note")
        assert bench.packls == []

    def test_a_person_s_code_survives(self, bench, throw_away_packl):
        code = "# Bob's.\r\n'''Notes.'''\r\nX = 5\r\n"
        packl = throw_away_packl(bench, "mine")
        path = packl.folder / "src" / "mine" / "__init__.py"
        path.write_bytes(code.encode())
        make(bench, "task", "mine", "note")
        text = path.read_bytes().decode()
        assert text.startswith(code)
        assert text.endswith("\r\nTASK = NoteTask(__name__)\r\n")
        path.write_bytes(text.replace("NoteTask(__name__)", "NoteTask(__name__)  # mine").encode())
        before = path.read_bytes()
        assert make(bench, "task", "mine", "note").changed is False
        assert path.read_bytes() == before

    def test_code_that_cannot_be_read_is_an_error(self, bench, throw_away_packl):
        packl = throw_away_packl(bench, "mine")
        path = packl.folder / "src" / "mine" / "__init__.py"
        path.write_bytes(b"# \xe9t\xe9\n")
        with pytest.raises(PacklError) as error:
            make(bench, "task", "mine", "note")
        assert error.value.message == f"{path} cannot be read."
        assert packl.history == []

    def test_without_a_task_there_is_none(self, bench):
        with pytest.raises(NotFoundError) as error:
            task_of(bench)
        assert error.value.message == "The workspace tasks has no task."
        assert error.value.hint == "Make one: `create_task NAME TYPE`."
