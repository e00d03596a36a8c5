from __future__ import annotations

import sys

import pytest

from pipl_pipe import PipelineError, services

TOOL = """
import json, pathlib, sys

site, log = pathlib.Path({site!r}), pathlib.Path({log!r})
log.write_text(json.dumps(sys.argv[1:]))
if {status}:
    sys.exit("Making it\\nerror: The workspace lab has a task already: sh010.\\nhint: Make another.")
kind, name = sys.argv[1], sys.argv[-2]
source = site.parent / "packls" / name / "src"
(source / name / "_packl").mkdir(parents=True)
cls = "PoemTask" if kind == "task" else "PoemProduct"
(source / name / "__init__.py").write_text(
    f"from poem_types import {{cls}}\\n\\n{{kind.upper()}} = {{cls}}(__name__)\\n"
)
(source / name / "_packl" / "packl.toml").write_text(f'format = 1\\nkind = "{{kind}}"\\n')
info = site / f"{{name}}-0.1.0.dist-info"
info.mkdir()
(info / "METADATA").write_text(f"Name: {{name}}\\nVersion: 0.1.0\\n")
(info / "entry_points.txt").write_text(
    f"[pipl_pipe.{{kind}}]\\n{{name}} = {{name}}:{{kind.upper()}}\\n"
)
(site / f"_{{name}}.pth").write_text(str(source))
"""


@pytest.fixture
def tool(types, tmp_path, monkeypatch):
    """Makes the tool side edit packls in the way of `pipl task create`."""

    def tool(status=0):
        script, log = tmp_path / "tool.py", tmp_path / "asked.json"
        script.write_text(TOOL.format(site=str(types.site), log=str(log), status=status))
        types.set_up({}, [sys.executable, str(script)])
        return log

    monkeypatch.setattr("sysconfig.get_path", lambda name: str(types.site))
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tool
    for name in ("sh010_writing", "ode"):
        sys.modules.pop(name, None)


def test_the_task_of_the_environment(task):
    assert services.tasks.current is task
    assert services.tasks.names() == ["sh010_writing"]


def test_no_task_is_an_error(environment):
    assert services.tasks.names() == []
    with pytest.raises(PipelineError, match="This environment has no Task"):
        _ = services.tasks.current


def test_types_of_tasks_are_found_by_name(types):
    import poem_types

    assert list(services.tasks.types) == ["task", "writing"]
    assert services.tasks.types["writing"] is poem_types.PoemTask


def test_a_task_is_made_by_the_tool_and_usable_at_once(tool, types):
    log = tool()
    task = services.tasks.create("sh010_writing", "writing", sequence="sq010", shot="sh010")
    assert (task.name, task.version, type(task).__name__) == ("sh010_writing", "0.1.0", "PoemTask")
    assert services.tasks.current is task
    assert log.read_text() == (
        f'["task", "create", "--path", "{types.workspace}", "--entity", "sequence=sq010", '
        '"--entity", "shot=sh010", "--", "sh010_writing", "writing"]'
    )


def test_a_product_is_made_by_the_tool_and_usable_at_once(tool, types):
    log = tool()
    product = services.products.create("ode", "poem", prop="vase")
    assert (product.name, type(product).__name__) == ("ode", "PoemProduct")
    assert services.products.names() == ["ode"]
    assert log.read_text() == (
        f'["product", "create", "--path", "{types.workspace}", "--entity", "prop=vase", '
        '"--", "ode", "poem"]'
    )


def test_what_the_tool_refuses_is_an_error(tool):
    tool(status=1)
    with pytest.raises(PipelineError) as error:
        services.tasks.create("sh020_writing", "writing")
    assert error.value.message == (
        "The task 'sh020_writing' of the type 'writing' could not be made."
    )
    assert error.value.context == "The workspace lab has a task already: sh010."
    assert error.value.hint == "Make another."


def test_the_tool_is_run_without_the_variables_of_our_python(tool, types, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "no-such-folder"))
    tool()
    script = tmp_path / "tool.py"
    code = "import os\nassert 'PYTHONPATH' not in os.environ\n" + script.read_text()
    script.write_text(code)
    assert services.products.create("ode", "poem").name == "ode"


def test_a_trace_of_the_tool_is_passed_on(tool, monkeypatch, capsys):
    monkeypatch.setenv("PIPL_TRACE", "hooks")
    tool(status=1)
    with pytest.raises(PipelineError):
        services.tasks.create("sh020_writing", "writing")
    assert "Making it\nerror: The workspace lab has" in capsys.readouterr().err


def test_nothing_is_made_in_a_clean_environment(environment):
    with pytest.raises(PipelineError) as error:
        services.products.create("ode", "poem")
    assert error.value.message == "This is a clean environment, in which nothing is edited."
