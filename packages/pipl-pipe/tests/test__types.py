from __future__ import annotations

import pytest

from pipl_pipe import FileAsset, PipelineError, Task, Types, type_named, type_names
from pipl_pipe._types import type_source

HOOKS = """
from pipl_hooks import hookimpl
from pipl_pipe import Task


class {name}Task(Task):
    type_name = "hooked"


@hookimpl
def pipl_task_types():
    return [{name}Task]
"""


def clashing(name):
    """Look up a task type that two give, and return message and context of the error."""
    with pytest.raises(PipelineError) as error:
        type_named("task", name)
    return error.value.message, error.value.context


def test_types_are_found_by_name(types):
    import poem_types

    assert type_named("task", "writing") is poem_types.PoemTask
    assert type_named("product", "poem") is poem_types.PoemProduct
    assert type_named("asset", "text") is poem_types.TextAsset
    assert type_named("asset", "file") is FileAsset
    assert type_named("task", "task") is Task


def test_types_are_listed_without_an_import(types):
    types.install(
        "explosive", "1 / 0", entry_points={"pipl_pipe.task_type": {"bang": "explosive:Bang"}}
    )
    assert type_names("task") == ["bang", "task", "writing"]
    assert type_names("asset") == ["file", "folder", "sequence", "text"]
    assert type_names("product") == ["poem", "product"]


def test_an_unknown_type_is_an_error_that_lists_the_others(types):
    with pytest.raises(PipelineError) as error:
        type_named("task", "writting")
    assert error.value.message == "No packl in this environment gives the task type 'writting'."
    assert error.value.context == "There are: task, writing."
    assert error.value.hint == "Did you mean 'writing'?"


def test_two_packls_that_give_one_type_are_named(types):
    types.install(
        "rivals", version="2", entry_points={"pipl_pipe.task_type": {"writing": "rivals:W"}}
    )
    with pytest.raises(PipelineError) as error:
        type_named("task", "writing")
    assert error.value.message == (
        "Two packls give the task type 'writing': poem-types 1.4.2 and rivals 2."
    )


def test_a_class_of_another_name_is_an_error(types):
    points = {"pipl_pipe.task_type": {"prose": "liars:Writing"}}
    types.install("liars", "class Writing:\n    type_name = 'poetry'\n", entry_points=points)
    with pytest.raises(PipelineError) as error:
        type_named("task", "prose")
    assert error.value.message == (
        "liars declares the task type 'prose', but its class says otherwise."
    )
    assert error.value.context == "liars:Writing has type_name = 'poetry'."


def test_plugins_give_types(environment):
    environment.install("hookers", HOOKS.format(name="A"), entry_points={"pipl": {"x": "hookers"}})
    cls = type_named("task", "hooked")
    assert cls.__qualname__ == "ATask"
    assert type_names("task") == ["hooked", "task"]
    assert type_source(cls) == "hookers"


def test_two_plugins_that_give_one_type_are_named(environment):
    for name in ("A", "B"):
        packl = f"types-{name.lower()}"
        code = HOOKS.format(name=name)
        environment.install(packl, code, entry_points={"pipl": {"x": packl.replace("-", "_")}})
    assert clashing("hooked") == (
        "Two packls give the task type 'hooked': types-a 1.0.0 and types-b 1.0.0.",
        "types_a:ATask and types_b:BTask.",
    )


def test_a_plugin_and_an_entry_point_that_give_one_type_are_named(types):
    points = {"pipl": {"x": "hookers"}}
    types.install(
        "hookers", HOOKS.format(name="A").replace("hooked", "writing"), entry_points=points
    )
    assert clashing("writing") == (
        "Two packls give the task type 'writing': poem-types 1.4.2 and hookers 1.0.0.",
        "poem_types:PoemTask and hookers:ATask.",
    )


def test_one_class_by_two_roads_from_one_packl_is_no_clash(environment):
    code = "from pipl_pipe import registered\n" + HOOKS.format(name="A").replace(
        "class", "@registered\nclass"
    )
    points = {"pipl": {"x": "both"}, "pipl_pipe.task_type": {"hooked": "both:ATask"}}
    environment.install("both", code, entry_points=points)
    assert type_named("task", "hooked").__module__ == "both"
    assert type_names("task") == ["hooked", "task"]


def test_two_classes_of_one_name_in_one_packl_are_named(environment):
    code = HOOKS.format(name="A") + "\n\nclass BTask(ATask):\n    pass\n"
    points = {"pipl": {"x": "both"}, "pipl_pipe.task_type": {"hooked": "both:BTask"}}
    environment.install("both", code, entry_points=points)
    assert clashing("hooked") == (
        "both 1.0.0 gives the task type 'hooked' twice.",
        "both:BTask and both:ATask.",
    )


def test_a_type_that_cannot_be_imported_names_its_packl(types):
    points = {"pipl_pipe.task_type": {"bang": "explosive:Bang"}}
    types.install("explosive", "1 / 0", version="3", entry_points=points)
    with pytest.raises(PipelineError) as error:
        type_named("task", "bang")
    assert error.value.message == "The task type 'bang' of explosive 3 cannot be imported."
    assert error.value.context == "explosive:Bang: ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("answer", "context"),
    [
        ("[int]", "pipl_task_types answered <class 'int'>, which is no class with a type_name."),
        ("['text']", "pipl_task_types answered 'text', which is no class with a type_name."),
        ("5", "pipl_task_types: TypeError: 'int' object is not iterable"),
        ("(1 / 0 for _ in 'a')", "pipl_task_types: ZeroDivisionError: division by zero"),
    ],
)
def test_a_plugin_that_gives_no_type_is_named(environment, answer, context):
    code = f"""
from pipl_hooks import hookimpl

@hookimpl
def pipl_task_types():
    return {answer}
"""
    environment.install("odd", code, entry_points={"pipl": {"x": "odd"}})
    with pytest.raises(PipelineError) as error:
        type_names("task")
    assert error.value.message == "The plugin x of odd 1.0.0 gives task types that are none."
    assert error.value.context == context


def test_types_are_a_mapping_that_imports_what_is_asked_for(types):
    types.install(
        "explosive", "1 / 0", entry_points={"pipl_pipe.task_type": {"bang": "explosive:Bang"}}
    )
    found = Types("task")
    assert (list(found), len(found)) == (["bang", "task", "writing"], 3)
    assert "bang" in found
    assert "song" not in found
    assert found["writing"] is type_named("task", "writing")


def test_a_type_s_packl_is_that_of_its_own_module(types):
    types.install(
        "poem-typesetting", entry_points={"pipl_pipe.task_type": {"set": "poem_typesetting:Set"}}
    )
    types.install(
        "poem", "class P:\n    pass\n", entry_points={"pipl_pipe.task_type": {"p": "poem:P"}}
    )
    import poem
    import poem_types

    assert type_source(poem_types.PoemTask) == "poem-types"
    assert type_source(poem.P) == "poem"


def test_a_class_of_no_packl_is_an_error(environment):
    class Local:
        pass

    Local.__module__ = "nowhere.at_all"
    with pytest.raises(PipelineError, match=r"of the module nowhere\.at_all comes from no packl"):
        type_source(Local)
