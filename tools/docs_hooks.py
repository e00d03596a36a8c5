"""The page on hooks, made from their specifications, and what their docstrings must say.

A docstring is Google's: what the hook is for, a paragraph that begins with "Called" and says when
and who wins, `Args:` with an entry for every argument, and `Returns:` unless it returns nothing.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipl_hooks import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

PAGE = """\
# Hooks

<!-- Written by tools/build_docs.py from the specifications in pipl-hooks; do not edit it. -->

A plugin answers a hook by a function of the same name, marked with `pipl_hooks.hookimpl`; its
module is named by an entry point of the group `pipl`. A function may leave out arguments that it
does not need. [Override one hook](../override-a-hook.md) shows all of it.

With `firstresult=True` plugins are asked one after the other, until one returns something else
than `None`; without it, every plugin is asked. pipl's own answers are plugins, too, and are asked
last, so that a studio's come before them.

The example below each hook is the whole plugin of a packl that overrides it, and nothing else; the
tests build each as a wheel and install it.
"""

SPECIFIED = f"{NAMESPACE}_spec"
"""Attribute that pluggy's marker gives to a specification: its options."""

WIDEST_SIGNATURE = 88

_SECTION = re.compile(r"(Args|Returns|Raises|Yields|Attributes):\Z")
_ENTRY = re.compile(r" {4}(\w+): (.*)\Z")


@dataclass
class Description:
    """A docstring, taken apart.

    Attributes:
        text: What comes before the first section.
        arguments: What `Args:` says of each.
        returns: What `Returns:` says.
    """

    text: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    returns: str = ""


def hooks_page(modules: Sequence[ModuleType], examples: Path) -> str:
    """Return the page on the hooks of some modules.

    Args:
        modules: The modules.
        examples: Folder with an example for each hook, named after it.
    """
    parts = [PAGE]
    for module in modules:
        title, hooks = module.__name__.rpartition(".")[2], _hooks(module)
        parts.append(f"\n## {title}\n\n{inspect.cleandoc(module.__doc__ or '')}\n")
        parts.append("\n| hook | is asked to |\n|---|---|\n")
        parts += [
            f"| [`{spec.__name__}`](#{spec.__name__}) | {_summary(spec)} |\n" for spec in hooks
        ]
        parts += [_section(spec, examples) for spec in hooks]
    return "".join(parts)


def hook_problems(modules: Sequence[ModuleType], examples: Path) -> list[str]:
    """Return one line for each thing that the documentation of a hook lacks."""
    return [
        f"{module.__name__}.{spec.__name__}: {problem}"
        for module in modules
        for spec in _hooks(module)
        for problem in _problems(spec, examples)
    ]


def described(docstring: str) -> Description:
    """Take a docstring apart."""
    found = Description()
    section, entry, text = "", "", []
    for line in inspect.cleandoc(docstring).splitlines():
        title = _SECTION.match(line)
        if title:
            section = title.group(1)
        elif not section:
            text.append(line)
        elif section == "Args":
            match = _ENTRY.match(line)
            if match:
                entry = match.group(1)
                found.arguments[entry] = match.group(2)
            elif entry:
                found.arguments[entry] = f"{found.arguments[entry]} {line.strip()}".strip()
        elif section == "Returns":
            found.returns = f"{found.returns} {line.strip()}".strip()
    found.text = "\n".join(text).strip()
    return found


def _hooks(module: ModuleType) -> list[Callable[..., Any]]:
    """Return the specifications of a module, in the order in which they stand there."""
    return [spec for spec in vars(module).values() if hasattr(spec, SPECIFIED)]


def _problems(spec: Callable[..., Any], examples: Path) -> Iterator[str]:
    found = described(spec.__doc__ or "")
    if not found.text:
        yield "has no docstring"
        return
    if not any(paragraph.startswith("Called ") for paragraph in found.text.split("\n\n")):
        yield 'does not say when it is called, in a paragraph that begins with "Called"'
    arguments = inspect.signature(spec).parameters
    for name in arguments:
        if not found.arguments.get(name):
            yield f"does not describe the argument {name}"
    for name in found.arguments:
        if name not in arguments:
            yield f"describes {name}, which is no argument"
    if _returns(spec) != "None" and not found.returns:
        yield "does not say what to return"
    if not _example(spec, examples).is_file():
        yield f"has no example in {examples.name}/"


def _section(spec: Callable[..., Any], examples: Path) -> str:
    found = described(spec.__doc__ or "")
    lines = [f"\n### {spec.__name__}\n", "```python", _marker(spec), _signature(spec), "```\n"]
    lines.append(found.text)
    if found.arguments:
        lines += ["", *(f"- `{name}`: {text}" for name, text in found.arguments.items())]
    if found.returns:
        lines += ["", f"**Returns:** {found.returns}"]
    example = _example(spec, examples)
    if example.is_file():
        lines += ["", "```python", example.read_text(encoding="utf-8").rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _example(spec: Callable[..., Any], examples: Path) -> Path:
    return examples / f"{spec.__name__}.py"


def _marker(spec: Callable[..., Any]) -> str:
    options: dict[str, Any] = getattr(spec, SPECIFIED)
    return "@hookspec(firstresult=True)" if options["firstresult"] else "@hookspec"


def _signature(spec: Callable[..., Any]) -> str:
    parameters = inspect.signature(spec).parameters.values()
    arguments = [f"{each.name}: {_annotation(each.annotation)}" for each in parameters]
    line = f"def {spec.__name__}({', '.join(arguments)}) -> {_returns(spec)}"
    if len(line) <= WIDEST_SIGNATURE:
        return line
    inner = "".join(f"    {argument},\n" for argument in arguments)
    return f"def {spec.__name__}(\n{inner}) -> {_returns(spec)}"


def _returns(spec: Callable[..., Any]) -> str:
    return _annotation(inspect.signature(spec).return_annotation)


def _annotation(annotation: object) -> str:
    """Return an annotation as it is written; ours are texts, since nothing evaluates them."""
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) else repr(annotation)


def _summary(spec: Callable[..., Any]) -> str:
    summary = (spec.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    return summary[:1].lower() + summary[1:]
