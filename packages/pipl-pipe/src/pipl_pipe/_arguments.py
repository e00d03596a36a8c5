"""Arguments of a command's program, from the parameters of its function."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

_TYPES: dict[object, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "Path": Path,
    int: int,
    float: float,
    Path: Path,
}


def parsed(
    function: Callable[..., Any], program: str, arguments: Sequence[str]
) -> tuple[list[Any], dict[str, Any]]:
    """Read a program's arguments into those of a function whose first one is the Task.

    A parameter without a default is an argument; one with a default is an option, `frame=1` gives
    `--frame 1`, and `fast=False` gives `--fast`. `*args` takes all that stands there as it is,
    for another program, behind the arguments of parameters before it. `--help` shows the
    docstring, and wrong usage ends the process with 2.
    """
    parameters = list(inspect.signature(function).parameters.values())[1:]
    parser = argparse.ArgumentParser(
        prog=program,
        description=inspect.getdoc(function),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        conflict_handler="resolve",  # a parameter may be called `help`; `-h` is still there
    )
    rest = next((p for p in parameters if p.kind is p.VAR_POSITIONAL), None)
    if rest is not None:
        return _handed_on(parser, parameters[: parameters.index(rest)], rest.name, arguments), {}
    for parameter in parameters:
        _add(parser, parameter)
    found = vars(parser.parse_args(list(arguments)))
    args = [found.pop(p.name) for p in parameters if p.kind is p.POSITIONAL_ONLY]
    return args, found


def _handed_on(
    parser: argparse.ArgumentParser,
    first: Sequence[inspect.Parameter],
    rest: str,
    arguments: Sequence[str],
) -> list[Any]:
    """Read the arguments for the parameters before `*args`, and add all others as they are."""
    asked = [parameter for parameter in first if parameter.default is parameter.empty]
    for parameter in asked:
        _add(parser, parameter)
    parser.usage = " ".join([parser.prog, *(p.name for p in asked), f"[{rest} ...]"])
    if list(arguments[:1]) in (["-h"], ["--help"]):
        parser.parse_args(arguments)
    given = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    found = vars(parser.parse_args(["--", *given[: len(asked)]])) if asked else {}
    return [*(found.get(p.name, p.default) for p in first), *given[len(asked) :]]


def _add(parser: argparse.ArgumentParser, parameter: inspect.Parameter) -> None:
    name, default = parameter.name, parameter.default
    convert = _TYPES.get(parameter.annotation)
    if parameter.kind is parameter.VAR_KEYWORD:
        return
    if default is parameter.empty:
        parser.add_argument(name, type=convert or str)
        return
    flag = f"--{name.replace('_', '-')}"
    if isinstance(default, bool):
        action = "store_false" if default else "store_true"
        flag = f"--no-{flag[2:]}" if default else flag
        parser.add_argument(flag, dest=name, action=action)
        return
    if convert is None:
        convert = _TYPES.get(type(default), str)
    shown = None if default is None else f"{default} where not given".replace("%", "%%")
    parser.add_argument(flag, dest=name, type=convert, default=default, help=shown)
