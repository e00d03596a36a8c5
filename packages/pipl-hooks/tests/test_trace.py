from __future__ import annotations

import pytest

from pipl_hooks import PluginError, load_plugins
from pipl_hooks.trace import shortened, traced

NAMING = """
from pipl_hooks import hookimpl

@hookimpl
def pipl_product_name(task, output):
    return {answer}
"""
WRAPPER = """
from pipl_hooks import hookimpl

@hookimpl(wrapper=True)
def pipl_product_name(task, output):
    return (yield).upper()
"""
SERVICE = """
from pipl_hooks import hookimpl, load_plugins

@hookimpl
def pipl_service(name, config):
    from test_plugins import PLUGINS
    return PLUGINS[0].hook.pipl_product_name(task="t", output=name)
"""


@pytest.fixture
def load(environment, monkeypatch):
    """Loads the plugins of an environment with calls of hooks traced."""
    monkeypatch.setenv("PIPL_TRACE", "hooks")

    def load(**codes):
        for name, code in codes.items():
            environment.install(name, code, entry_points={"pipl": {"main": name}})
        return load_plugins()

    return load


def test_the_trace_tells_arguments_answers_and_the_result(load, capsys):
    plugins = load(a=NAMING.format(answer="'a'"), b=NAMING.format(answer="None"))
    assert plugins.hook.pipl_product_name(task="t", output="o") == "a"
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "trace: pipl_product_name(task='t', output='o')\n"
        "trace:   b 1.0.0 (b:main) -> None\n"
        "trace:   a 1.0.0 (a:main) -> 'a'\n"
        "trace:   = 'a'\n"
    )


def test_a_call_within_an_answer_stands_below_it(load, capsys, environment):
    environment.install("test_plugins", "PLUGINS = []\n")
    plugins = load(a=NAMING.format(answer="'a'"), s=SERVICE)
    import test_plugins

    test_plugins.PLUGINS.append(plugins)
    plugins.hook.pipl_service(name="n", config={})
    assert capsys.readouterr().err == (
        "trace: pipl_service(name='n', config={})\n"
        "trace:     pipl_product_name(task='t', output='n')\n"
        "trace:       a 1.0.0 (a:main) -> 'a'\n"
        "trace:       = 'a'\n"
        "trace:   s 1.0.0 (s:main) -> 'a'\n"
        "trace:   = 'a'\n"
    )


def test_an_error_and_who_raised_it_are_told(load, capsys):
    plugins = load(a=NAMING.format(answer="1 / 0"))
    with pytest.raises(ZeroDivisionError):
        plugins.hook.pipl_product_name(task="t", output="o")
    assert capsys.readouterr().err == (
        "trace: pipl_product_name(task='t', output='o')\n"
        "trace:   a 1.0.0 (a:main) raised ZeroDivisionError: division by zero\n"
        "trace:   = an error\n"
    )
    assert list(plugins.each("pipl_config")) == []
    assert capsys.readouterr().err == "trace: pipl_config()\ntrace:   = []\n"


def test_wrappers_are_told(load, capsys):
    plugins = load(a=NAMING.format(answer="'a'"), w=WRAPPER)
    assert plugins.hook.pipl_product_name(task="t", output="o") == "A"
    assert capsys.readouterr().err == (
        "trace: pipl_product_name(task='t', output='o')\n"
        "trace:   w 1.0.0 (w:main) wraps the others\n"
        "trace:   a 1.0.0 (a:main) -> 'a'\n"
        "trace:   = 'A'\n"
    )


def test_who_fails_is_named_under_a_trace_too(load, capsys):
    plugins = load(a=NAMING.format(answer="1 / 0"))
    with pytest.raises(PluginError, match=r"of a 1\.0\.0 failed in the hook pipl_product_name"):
        plugins.ask("pipl_product_name", task="t", output="o")


def test_without_the_variable_nothing_is_told(environment, capsys):
    environment.install("a", NAMING.format(answer="'a'"), entry_points={"pipl": {"main": "a"}})
    load_plugins().hook.pipl_product_name(task="t", output="o")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("value", "hooks", "errors"),
    [("hooks", True, False), ("errors,hooks", True, True), ("", False, False), ("h", False, False)],
)
def test_the_variable_holds_words(monkeypatch, value, hooks, errors):
    monkeypatch.setenv("PIPL_TRACE", value)
    assert (traced("hooks"), traced("errors")) == (hooks, errors)


class Rude:
    def __repr__(self):
        raise ValueError


def test_values_are_short_and_hold_no_secret():
    assert shortened("x" * 100) == "'" + "x" * 68 + "…"
    assert shortened({"root": "/a", "password": "p"}) == "{'root': '/a', 'password': '***'}"
    assert shortened(Rude()) == "<Rude>"
    assert shortened("two\nlines") == "'two\\nlines'"
