from __future__ import annotations

import json

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError, ProjectConfig, Stage

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
configs = st.builds(
    ProjectConfig,
    name=words,
    host=st.sampled_from(["127.0.0.1", "::1", "farm.studio.example", "localhost"]),
    port=st.integers(1, 65535),
    server_arguments=st.lists(words).map(tuple),
    installer=words,
    runner=words,
    pipeline=st.lists(st.sampled_from(["pipl-pipe", "rig>=2,<3", "a[b]"])).map(tuple),
    constraints=st.lists(st.sampled_from(["numpy<2", "rig>=2,<3; os_name == 'nt'"])).map(tuple),
    mirror_url=words,
    config=st.dictionaries(words, st.dictionaries(words, words)),
)


@given(configs)
def test_a_project_is_read_as_it_was_written(config):
    assert ProjectConfig.from_text(config.to_text(), "pipl.toml") == config


def test_its_text_is_for_people():
    assert ProjectConfig("SHOW").to_text() == (
        "# Marks this folder as a project of pipl.\n"
        "format = 1\n"
        'name = "SHOW"\n'
        'installer = "uv"\n'
        'runner = "local"\n'
        "\n"
        "[workspace]\n"
        'install = ["pipl-pipe", "pipl-assetstore", "pipl-envset"]\n'
        "\n"
        "[server]\n"
        'host = "127.0.0.1"\n'
        "port = 3141\n"
        "\n"
        "[[stage]]\n"
        'name = "submitted"\n'
        'index = "root/submitted"\n'
        'handler = "qa"\n'
        'next = "checked"\n'
        "\n"
        "[[stage]]\n"
        'name = "checked"\n'
        'index = "root/checked"\n'
        'handler = "process"\n'
        'next = "released"\n'
        "\n"
        "[[stage]]\n"
        'name = "released"\n'
        'index = "root/PROJ"\n'
        "\n"
        "[config.asset_store]\n"
        'root = "assets"\n'
    )


def test_what_is_not_said_has_a_default():
    assert ProjectConfig.from_text('format = 1\nname = "X"', "f") == ProjectConfig("X", config={})


@given(st.text())
def test_arbitrary_text_is_an_error(text):
    with pytest.raises(CoreError):
        ProjectConfig.from_text(text, "pipl.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f has the format None, which is not known here."),
        ('format = 2\nname = "X"', "f has the format 2, which is not known here."),
        ("format = ", "f cannot be read."),
        ("format = 1", "f cannot be read."),
        ("format = 1\nname = 5", "f cannot be read."),
        ('format = 1\nname = "X"\nserver = 5', "f cannot be read."),
        ('format = 1\nname = "X"\nworkspace.install = [1]', "f cannot be read."),
        ('format = 1\nname = "X"\n[[stage]]\nnme = "a"', "f cannot be read."),
        (
            'format = 1\nname = "X"\n[[stage]]\nname = "a"\nindex = "i/i"\nnext = "b"',
            "The stage 'a' in f goes on to 'b', which is no stage.",
        ),
        (
            'format = 1\nname = "X"\n' + 2 * '[[stage]]\nname = "a"\nindex = "i/i"\n',
            "Two stages in f have the same name.",
        ),
        (
            'format = 1\nname = "X"\n[[stage]]\nname = "a"\nindex = "i/i"\nnext = "a"',
            "The stages in f go round in a circle: 'a' comes again.",
        ),
        ("a = " + "[" * 100_000, "f cannot be read."),
        ("format = " + "1" * 5000, "f cannot be read."),
    ],
)
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(CoreError) as error:
        ProjectConfig.from_text(text, "f")
    assert error.value.message == message


@pytest.mark.parametrize(
    ("line", "context"),
    [
        ("server.port = 0", "ValueError: port should be from 1 to 65535, not 0"),
        ("server.port = true", "TypeError: port should be a whole number, not True"),
        ('server.port = "80"', "TypeError: port should be a whole number, not '80'"),
        ('server.arguments = "-v"', "TypeError: arguments should be a list of texts, not '-v'"),
        ('server.host = "a b"', "ValueError: host should be a host's name or address, not 'a b'"),
        ('server.host = "a..b"', "ValueError: host should be a host's name or address, not 'a..b'"),
        ('workspace.install = "rig"', "TypeError: install should be a list of texts, not 'rig'"),
        (
            "workspace.install = ['rig @ file:///x']",
            "ValueError: 'rig @ file:///x' names an address.",
        ),
        (
            "workspace.constraints = 'numpy<2'",
            "TypeError: constraints should be a list of texts, not 'numpy<2'",
        ),
        (
            "workspace.constraints = ['numpy']",
            "ValueError: 'numpy' is no constraint, since it names no versions.",
        ),
        (
            "workspace.constraints = ['numpy <']",
            "ValueError: 'numpy <' is no requirement.",
        ),
        ("stage = 5", "TypeError: stage should be a list of tables, not 5"),
        (
            "stage = [{name = 'a', index = '../x/y'}]",
            "ValueError: the index '../x/y' of the stage 'a' is not USER/NAME",
        ),
        ("config.x = 1", "TypeError: config should be a table of tables, not {'x': 1}"),
        (
            "config.x.day = 2026-03-01",
            (
                "TypeError: config of x cannot be told to environments: "
                "Object of type date is not JSON serializable"
            ),
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_named(line, context):
    with pytest.raises(CoreError) as error:
        ProjectConfig.from_text(f'format = 1\nname = "X"\n{line}\n', "f")
    assert error.value.message == "f cannot be read."
    assert error.value.context == context
    assert error.value.hint == "Correct it by hand."


@given(st.data())
def test_a_file_with_one_value_spoiled_is_read_or_an_error(spoiled, data):
    document = tomlkit.parse(ProjectConfig("X", mirror_url="http://x/").to_text()).unwrap()
    spoilt = data.draw(spoiled(document))
    try:
        text = tomlkit.dumps(spoilt)
    except Exception:  # noqa: BLE001  TOML cannot say it
        return
    try:
        config = ProjectConfig.from_text(text, "f")
    except CoreError:
        return
    assert ProjectConfig.from_text(config.to_text(), "f") == config
    json.dumps(config.config)


def test_a_stage_is_found_by_name():
    config = ProjectConfig("X")
    assert config.stage("checked") == Stage("checked", "root/checked", "process", "released")
    with pytest.raises(CoreError) as error:
        config.stage("chekced")
    assert error.value.hint == "Did you mean 'checked'? It has: submitted, checked, released."
    with pytest.raises(CoreError) as error:
        config.stage("approved")
    assert error.value.message == "The project X has no stage 'approved'."
    assert error.value.hint == "It has: submitted, checked, released."
