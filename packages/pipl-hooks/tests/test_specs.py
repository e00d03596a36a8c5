from __future__ import annotations

import inspect

import pytest

import pipl_hooks
from pipl_hooks import specs

HOOKS = [
    (name, function)
    for module in specs.ALL
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
]


def test_there_are_hooks():
    assert len(HOOKS) >= 20
    assert len({name for name, _ in HOOKS}) == len(HOOKS)


@pytest.mark.parametrize(("name", "function"), HOOKS)
def test_a_hook_says_when_it_is_called_and_what_to_return(name, function):
    assert name.startswith("pipl_")
    doc = inspect.getdoc(function)
    assert "Called " in doc
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    for argument in signature.parameters:
        assert f"    {argument}: " in doc
    assert ("Returns:" in doc) == (signature.return_annotation != "None")


def test_everything_public_is_there():
    assert [name for name in pipl_hooks.__all__ if not hasattr(pipl_hooks, name)] == []
    assert sorted(pipl_hooks.__all__) == sorted(set(pipl_hooks.__all__))
