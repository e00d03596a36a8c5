from __future__ import annotations

import pytest

from pipl_hooks import PiplError
from pipl_pipe import PipelineError, Task, TaskCommand, command, the_task


def test_a_type_lists_its_commands_in_their_order(task):
    assert task.commands() == [
        TaskCommand(
            "info",
            "info",
            "Show what the task is about, its Assets and the Products that it depends on.",
            "task-info",
        ),
        TaskCommand("write-lines", "write_lines", "Write the draft.", "write-lines"),
        TaskCommand("fail", "fail", "", "task-fail"),
    ]


def test_a_command_returns_an_exit_status(task):
    assert task.write_lines() == 0
    assert task.fail() == 3


def test_an_error_of_ours_is_shown_and_others_are_raised(task, capsys):
    class Broken(type(task)):
        @command
        def ours(self):
            raise PiplError("It broke.", hint="Mend it.")

        @command
        def theirs(self):
            raise ZeroDivisionError

    broken = Broken("sh010_writing")
    assert broken.ours() == 1
    assert capsys.readouterr().err == "sh010_writing: It broke.\nMend it.\n"
    with pytest.raises(ZeroDivisionError):
        broken.theirs()


def test_info_shows_what_it_is_about(task, capsys, environment):
    assert task.info() == 0
    assert capsys.readouterr().out == (
        "sh010_writing 1.0.0 (writing)\n"
        "  shot: sh010\n"
        "  Asset draft (text): not edited here\n"
        "  Asset pictures (folder): not edited here\n"
    )


class TestTheTask:
    def test_is_the_only_one(self, task):
        assert the_task() is task
        assert isinstance(task, Task)

    def test_is_missing(self, environment):
        with pytest.raises(PipelineError) as error:
            the_task()
        assert error.value.message == "This environment has no Task."
        assert error.value.hint == "Make one with `create_task NAME TYPE`."

    def test_is_not_the_only_one(self, task, environment):
        environment.install("z", entry_points={"pipl_pipe.task": {"z": "z:TASK"}})
        with pytest.raises(PipelineError) as error:
            the_task()
        assert error.value.message == "This environment has several Tasks."
        assert error.value.hint == "Keep one of sh010_writing, z."

    def test_is_none(self, environment):
        environment.install("z", "TASK = 5", entry_points={"pipl_pipe.task": {"z": "z:TASK"}})
        with pytest.raises(PipelineError) as error:
            the_task()
        assert error.value.message == "The entry point 'z' of pipl_pipe.task names no Task but 5."
