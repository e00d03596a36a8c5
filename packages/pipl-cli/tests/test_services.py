"""What code in a workspace reaches of the tool side by `services`."""

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def python(at_desk):
    """Runs code in the workspace, and returns what it printed."""

    def python(*lines):
        done = at_desk.environment.run_python(["-c", "\n".join(lines)], quiet=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return python


def test_products_and_tasks_are_made_and_usable_at_once(python, at_desk):
    assert python(
        "from pipl_pipe import services",
        "print(*services.products.types, *services.tasks.types)",
        "product = services.products.create('char_hero', 'note', character='hero')",
        "print(product, product.version, product.entity)",
        "task = services.tasks.create('sh010', 'note', shot='sh010')",
        "print(task, task is services.tasks.current, task.entity)",
        "task.build()",
        "print(task.draft.current_path().read_text())",
    ) == [
        "note product note task",
        "<NoteProduct char_hero> 0.1.0 {'character': 'hero'}",
        "<NoteTask sh010> True {'shot': 'sh010'}",
        "hello",
    ]
    assert sorted(packl.name for packl in at_desk.packls) == ["char_hero", "sh010"]


def test_what_the_tool_refuses_is_an_error(python):
    assert python(
        "from pipl_pipe import PipelineError, services",
        "services.tasks.create('sh010', 'note')",
        "try:",
        "    services.tasks.create('sh020', 'note')",
        "except PipelineError as error:",
        "    print(error)",
    ) == [
        "The task 'sh020' of the type 'note' could not be made.",
        "The workspace desk has a task already: sh010.",
        "There is one task per workspace: make another with `pipl work create NAME`.",
    ]


def test_services_of_pipl_are_all_there(python):
    assert python(
        "from pipl_pipe import services",
        "print([name for name in dir(services) if not name.startswith('_')])",
        "print(services.env.variables['PEN_ROOT'].setter.value, services.config['asset_store']['root'])",
    )[0] == (
        "['asset_store', 'close', 'config', 'env', 'local_assets', 'overridden', 'products', 'tasks']"
    )
