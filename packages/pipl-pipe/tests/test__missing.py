from __future__ import annotations

import sys

import pytest

from pipl_pipe import PipelineError, UnknownTypeError, services, type_named
from pipl_pipe._missing import project_providers

ANSWER = """
import json, pathlib, sys

pathlib.Path({log!r}).write_text(json.dumps(sys.argv[1:]))
print({printed!r})
sys.exit({status})
"""
PROVIDERS = (
    '[{"name": "studio-tracker", "version": "1.2"}, {"name": "tracker-lite", "version": "3"}]'
)


@pytest.fixture
def tool(environment, tmp_path):
    """Makes the tool side answer."""

    def tool(printed, status=0):
        script, log = tmp_path / "tool.py", tmp_path / "asked.json"
        script.write_text(ANSWER.format(printed=printed, status=status, log=str(log)))
        environment.set_up({}, [sys.executable, str(script)])
        return log

    return tool


def test_packls_of_the_project_that_would_provide_it_are_named(tool, environment):
    log = tool(PROVIDERS)
    with pytest.raises(PipelineError) as error:
        _ = services.tracker
    assert error.value.message == "No packl in this environment gives the service 'tracker'."
    assert error.value.context == (
        "There are: asset_store, config, env, local_assets, products, tasks.\n"
        "studio-tracker 1.2 would provide it.\n"
        "tracker-lite 3 would provide it."
    )
    assert error.value.hint == "pipl work install studio-tracker"
    assert log.read_text() == (
        '["plugins", "providers", "pipl_pipe.services", "tracker", "--json", "--path", '
        f'"{environment.folder}"]'
    )


def test_packls_that_would_give_a_type_are_named(tool):
    log = tool(PROVIDERS)
    with pytest.raises(PipelineError) as error:
        type_named("task", "anim")
    assert error.value.hint == "pipl work install studio-tracker"
    assert '"pipl_pipe.task_type", "anim"' in log.read_text()


def test_the_tool_is_asked_when_somebody_reads_the_explanation_alone(tool):
    log = tool(PROVIDERS)
    assert getattr(services, "tracker", "none") == "none"
    assert not hasattr(services, "tracker")
    assert services.tasks.types.get("anim") is None
    assert not log.exists()
    with pytest.raises(UnknownTypeError) as error:
        type_named("task", "anim")
    assert not log.exists()
    assert str(error.value) == (
        "No packl in this environment gives the task type 'anim'.\nThere are: task.\n"
        "studio-tracker 1.2 would provide it.\ntracker-lite 3 would provide it.\n"
        "pipl work install studio-tracker"
    )
    log.unlink()
    assert error.value.context.endswith("tracker-lite 3 would provide it.")
    assert not log.exists()


@pytest.mark.parametrize(
    ("printed", "status"),
    [("", 1), ("nonsense", 0), ('{"error": 1}', 1), ("[1]", 0), ("[]", 0)],
)
def test_a_tool_without_an_answer_is_passed_over(tool, printed, status):
    tool(printed, status)
    assert project_providers("pipl_pipe.services", "tracker") == []


def test_a_tool_that_is_not_there_is_passed_over(environment):
    environment.set_up({}, [str(environment.folder / "no-such-program")])
    assert project_providers("pipl_pipe.services", "tracker") == []


def test_no_tool_is_asked_in_a_clean_environment(environment):
    assert project_providers("pipl_pipe.services", "tracker") == []
    (environment.prefix / "pipl.json").unlink()
    environment.install("other")
    assert project_providers("pipl_pipe.services", "tracker") == []


def test_a_near_name_is_offered_else(environment):
    with pytest.raises(PipelineError) as error:
        _ = services.asset_stor
    assert error.value.hint == "Did you mean 'asset_store'?"
    with pytest.raises(PipelineError) as error:
        _ = services.weather
    assert error.value.hint == (
        "Check the spelling, or `pipl work install` the packl that gives 'weather'."
    )
