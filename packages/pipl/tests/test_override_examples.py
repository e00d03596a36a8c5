"""Every hook has an example that overrides it, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "hooks"

LONGEST = 30
"""Lines: overriding one thing is a small matter."""


def _specified() -> set[str]:
    from pipl_hooks import specs

    return {name for module in specs.ALL for name in vars(module) if name.startswith("pipl_")}


def test_each_hook_has_one() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == _specified()


@pytest.mark.parametrize("hook", sorted(_specified()))
def test_it_is_short_and_answers_one_hook(hook: str) -> None:
    code = (EXAMPLES / f"{hook}.py").read_text(encoding="utf-8")
    functions = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    marked = [f for f in functions if any(ast.unparse(d) == "hookimpl" for d in f.decorator_list)]

    assert [function.name for function in marked] == [hook]
    assert len(code.splitlines()) < LONGEST
