from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipl_pipe import Command, PipelineError, TaskCommand, command
from pipl_pipe._commands import commands_of, plain_name, run

GROUP = "pipl_pipe.task_command"

EDITOR = """
from pipl_pipe import command


@command("open-scene")
def open_it(task, *args):
    \"\"\"Open the scene in an editor.\"\"\"
    print("opens", task.name, *args)


def write_lines(task, count: int, name="x", fast=False):
    \"\"\"Write with the editor.\"\"\"
    print("writes", count, name, fast)
    return 4
"""


def editor(environment, code=EDITOR, name="my-editor", **points):
    environment.install(name, code, version="2.1", entry_points={GROUP: points})


class TestNames:
    @pytest.mark.parametrize(
        ("name", "plain"),
        [("open", "task-open"), ("open-scene", "open-scene"), ("export", "task-export")],
    )
    def test_a_single_word_never_hides_a_program_of_the_system(self, name, plain):
        assert plain_name(name) == plain

    def test_may_be_chosen(self):
        @command("open-scene")
        def open_it(task):
            """Open it."""

        @command()
        def view(task):
            pass

        @command("")
        def secret(task):
            pass

        assert [(c.name, c.plain) for c in (open_it, view, secret)] == [
            ("open-it", "open-scene"),
            ("view", "task-view"),
            ("secret", ""),
        ]
        assert open_it.help == "Open it."

    @pytest.mark.parametrize("name", ["a b", "../x", "-x", "x-", "a/b", "$(x)", "ä"])
    def test_that_no_program_can_have_are_an_error(self, name):
        with pytest.raises(PipelineError) as error:
            command(name)(print)
        assert error.value.message == f"{name!r} cannot be the name of a program."


class TestOfOtherPackls:
    def test_are_added_to_those_of_the_type(self, task, environment):
        editor(environment, open="my_editor:open_it")
        assert list(commands_of(task)) == ["info", "write-lines", "fail", "open"]
        found, load = commands_of(task)["open"]
        assert found == TaskCommand(
            "open", "", "Open the scene in an editor.", "open-scene", "my-editor"
        )
        assert isinstance(load(), Command)

    def test_take_the_place_of_one(self, task, environment, capsys):
        editor(environment, **{"write-lines": "my_editor:write_lines"})
        found, _ = commands_of(task)["write-lines"]
        assert found == TaskCommand(
            "write-lines", "", "Write with the editor.", "write-lines", "my-editor"
        )
        assert run(task, "write-lines", ["5", "--name", "hero"]) == 4
        assert capsys.readouterr().out == "writes 5 hero False\n"

    def test_of_the_type_go_first(self, task, environment, capsys):
        editor(environment, open="my_editor:open_it")
        code = "def mine(task):\n    print('mine')\n"
        editor(environment, code, "other", **{"writing.open": "other:mine"})
        editor(environment, code, "third", **{"singing.open": "third:mine"})
        assert run(task, "open", []) == 0
        assert capsys.readouterr().out == "mine\n"

    def test_that_two_packls_give_are_an_error(self, task, environment, capsys):
        editor(environment, open="my_editor:open_it")
        editor(environment, EDITOR, "other", open="other:open_it")
        with pytest.raises(PipelineError) as error:
            commands_of(task)
        assert error.value.message == (
            "Two packls give the command 'open': my-editor 2.1 and other 2.1."
        )
        assert run(task, "info", []) == 1
        assert capsys.readouterr().err.startswith("sh010_writing: Two packls give")

    @pytest.mark.parametrize(
        ("code", "what", "why"),
        [
            (
                "import no_such_thing",
                "cannot be imported",
                "my_editor:open_it: ModuleNotFoundError: No module named 'no_such_thing'",
            ),
            ("raise SystemExit(3)", "cannot be imported", "my_editor:open_it: SystemExit: 3"),
            ("open_it = 5", "is no function", "my_editor:open_it is 5."),
        ],
    )
    def test_that_cannot_be_loaded_spare_the_others(
        self, task, environment, capsys, code, what, why
    ):
        editor(environment, code, open="my_editor:open_it")
        found, _ = commands_of(task)["open"]
        assert found == TaskCommand("open", "", f"Cannot be run: {why}", "task-open", "my-editor")
        assert run(task, "fail", []) == 3
        assert run(task, "open", []) == 1
        assert capsys.readouterr().err.startswith(
            f"sh010_writing: The command 'open' of my-editor 2.1 {what}.\n{why}\n"
        )

    def test_get_a_plain_program_that_is_free(self, task, environment):
        code = "from pipl_pipe import command\n\n@command('write-lines')\ndef f(task): pass\n"
        editor(environment, code, f="my_editor:f")
        assert commands_of(task)["f"][0].plain == ""


class TestPrograms:
    def test_read_the_arguments_of_the_process(self, task, monkeypatch, capsys):
        calls = []

        class Drawing(type(task)):
            @command
            def draw(self, frame: int, size=1.5, *, keep=True):
                """Draw a frame."""
                calls.append((frame, size, keep))

        drawing = Drawing("sh010_writing")
        monkeypatch.setattr(sys, "argv", ["/x/sh010_writing-draw", "7", "--no-keep"])
        assert drawing.draw.main() == 0
        assert calls == [(7, 1.5, False)]
        assert drawing.draw(8, keep=True) == 0
        assert calls[1] == (8, 1.5, True)
        monkeypatch.setattr(sys, "argv", ["/x/sh010_writing-draw", "seven"])
        with pytest.raises(SystemExit) as end:
            drawing.draw.main()
        assert end.value.code == 2
        assert capsys.readouterr().err.endswith(
            "sh010_writing-draw: error: argument frame: invalid int value: 'seven'\n"
        )

    def test_that_are_interrupted_end_quietly(self, environment, task, capsys):
        code = "def draw(task):\n    raise KeyboardInterrupt\n"
        editor(environment, code, draw="my_editor:draw")
        assert run(task, "draw", []) == 130
        assert capsys.readouterr().err == "\nsh010_writing-draw: interrupted.\n"

    def test_whose_output_nobody_reads_end_quietly(self, environment, task, tmp_path):
        read, write = os.pipe()
        os.close(read)
        code = (
            "import sys\nfrom pipl_pipe._commands import Command, run\n"
            "class Drawing:\n    name = 'sh010'\n    type_name = 'drawing'\n"
            "    def draw(self):\n        print('drawn')\n"
            "    @classmethod\n    def commands(cls):\n        return []\n"
            "import pipl_pipe._commands as commands\n"
            "commands.commands_of = lambda task: {'draw': (None, lambda: Command(Drawing.draw))}\n"
            "sys.exit(run(Drawing(), 'draw', []))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, check=False
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (1, b"")

    def test_that_return_no_status_say_so(self, task, capsys):
        @command
        def build(task):
            return "done"

        assert build(task) == 1
        assert capsys.readouterr().err == (
            "sh010_writing: The command 'build' ended with 'done', which is no exit status.\n"
            "It may return None or a whole number; print what it found.\n"
        )

    def test_are_found_by_their_names(self, task, environment, monkeypatch, capsys):
        from pipl_pipe._programs import main

        editor(environment, open="my_editor:open_it")
        for program in ("open-scene", "sh010_writing-open", "open-scene.exe"):
            monkeypatch.setattr(sys, "argv", [f"/bin/{program}", "-x", "a b"])
            assert main() == 0
            assert capsys.readouterr().out == "opens sh010_writing -x a b\n"
        monkeypatch.setattr(sys, "argv", ["/bin/old-name"])
        assert main() == 1
        assert capsys.readouterr().err == (
            "old-name: sh010_writing has no such command now.\n"
            "Bring its programs up to date: `pipl work sync`.\n"
        )

    def test_without_a_task_say_so(self, environment, monkeypatch, capsys):
        from pipl_pipe._programs import main

        monkeypatch.setattr(sys, "argv", ["/bin/open-scene"])
        assert main() == 1
        assert capsys.readouterr().err.startswith("open-scene: This environment has no Task.\n")
