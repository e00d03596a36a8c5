from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError, ProjectConfig, Stage

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
configs = st.builds(
    ProjectConfig,
    name=words,
    host=words,
    port=st.integers(1, 65535),
    server_arguments=st.lists(words).map(tuple),
    installer=words,
    runner=words,
    pipeline=st.lists(words).map(tuple),
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
            'format = 1\nname = "X"\n[[stage]]\nname = "a"\nindex = "i"\nnext = "b"',
            "The stage 'a' in f goes on to 'b', which is no stage.",
        ),
    ],
)
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(CoreError) as error:
        ProjectConfig.from_text(text, "f")
    assert error.value.message == message


def test_a_stage_is_found_by_name():
    config = ProjectConfig("X")
    assert config.stage("checked") == Stage("checked", "root/checked", "process", "released")
    with pytest.raises(CoreError) as error:
        config.stage("approved")
    assert error.value.message == "The project X has no stage 'approved'."
    assert error.value.hint == "It has: submitted, checked, released."
