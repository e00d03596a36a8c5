"""Write the plugin module that answers one hook, from the hook's specification.

The specification is read as text, by `ast`, so that nothing needs to be installed: the repository's
`tools/new-packl` uses this module, too.
"""

from __future__ import annotations

import ast
import builtins
import collections.abc
from pathlib import Path

PLUGIN = '''\
"""What {name} answers when pipl asks."""

from __future__ import annotations
{imports}

@hookimpl
{signature}
    """Answer `{hook}` as its specification in pipl-hooks asks."""
    {body}
'''

WIDEST_LINE = 100

EMPTY = {"list": "return []", "Iterable": "return []", "Sequence": "return []", "dict": "return {}"}
"""What says "nothing to add", by the outermost type that a hook returns."""


def plugin_stub(package: Path, hook: str, name: str) -> str:
    """Return the text of a plugin module with one hook implementation.

    Args:
        package: The folder of the import package `pipl_hooks`.
        hook: The hook's name.
        name: The distribution that gets the plugin.

    Raises:
        LookupError: pipl-hooks specifies no such hook.
    """
    files = _specification_files(package)
    known: set[str] = set()
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found = _hooks(tree)
        known |= found.keys()
        if hook in found:
            module, public = _module_name(package, file), _public_names(package)
            return _render(found[hook], _Origins(tree, module, public), name)
    choice = f"there are: {', '.join(sorted(known))}" if known else "there are none"
    message = f"no hook is named {hook!r}; {choice}"
    raise LookupError(message)


def _specification_files(package: Path) -> list[Path]:
    return sorted([*package.glob("specs/*.py"), *package.glob("specs.py")])


def _module_name(package: Path, file: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _hooks(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {
        node.name: node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("hookspec" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


class _Origins:
    """Where the names come from that the specifications of one module use."""

    def __init__(self, tree: ast.Module, module: str, public: frozenset[str]) -> None:
        self._module = module
        self._public = public
        self._from: dict[str, tuple[str, str]] = {}
        self._plain: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    origin = (self._absolute(node), ast.unparse(alias))
                    self._from[alias.asname or alias.name] = origin
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self._plain[bound] = f"import {ast.unparse(alias)}"

    def import_lines(self, names: set[str]) -> str:
        """Return the lines that import some names, and `hookimpl`, in the order of ruff."""
        plain = sorted({self._plain[name] for name in names if name in self._plain})
        wanted: dict[str, set[str]] = {"pipl_hooks": {"hookimpl"}}
        for name in names - self._plain.keys():
            source, imported = self._origin(name)
            wanted.setdefault(source, set()).add(imported)
        ours: list[str] = []
        others = plain
        for source, found in sorted(wanted.items()):
            line = f"from {source} import {', '.join(sorted(found, key=_import_order))}"
            (ours if source.startswith("pipl_") else others).append(line)
        return "".join("\n" + "\n".join(group) + "\n" for group in (others, ours) if group)

    def _origin(self, name: str) -> tuple[str, str]:
        if name in self._public:
            return "pipl_hooks", name
        source, imported = self._from.get(name, (self._module, name))
        if source == "typing" and name in collections.abc.__all__:
            source = "collections.abc"
        return source, imported

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parents = self._module.split(".")[: -node.level]
        return ".".join([*parents, *([node.module] if node.module else [])])


def _public_names(package: Path) -> frozenset[str]:
    """Return what pipl_hooks itself offers: the `__all__` of its `__init__`."""
    file = package / "__init__.py"
    if not file.is_file():
        return frozenset()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return frozenset(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return frozenset()


def _import_order(name: str) -> tuple[int, str]:
    """Order as isort does: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _render(function: ast.FunctionDef, origins: _Origins, name: str) -> str:
    arguments = [argument for argument in _arguments(function) if argument.arg != "self"]
    annotations = [argument.annotation for argument in arguments if argument.annotation]
    if function.returns:
        annotations.append(function.returns)
    return PLUGIN.format(
        name=name,
        hook=function.name,
        imports=origins.import_lines(_names(annotations)),
        signature=_signature(function, [ast.unparse(argument) for argument in arguments]),
        body=_body(function.returns),
    )


def _signature(function: ast.FunctionDef, arguments: list[str]) -> str:
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    line = f"def {function.name}({', '.join(arguments)}){returns}:"
    if len(line) <= WIDEST_LINE:
        return line
    inner = ",\n    ".join(arguments)
    return f"def {function.name}(\n    {inner},\n){returns}:"


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def _names(annotations: list[ast.expr]) -> set[str]:
    """Return the names that annotations use, also those written as text."""
    names: set[str] = set()
    for annotation in annotations:
        for node in ast.walk(annotation):
            if isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= _names([ast.parse(node.value, mode="eval").body])
    return {name for name in names if not hasattr(builtins, name)}


def _body(returns: ast.expr | None) -> str:
    """Return a statement that answers "nothing to add" for the type of a hook's result."""
    if returns is None:
        return "return None"
    text = ast.unparse(returns).strip("'\"")
    if text == "None":
        return "# Say here what there is to do."
    if "None" in text or text.startswith("Optional"):
        return "return None"
    outermost = text.partition("[")[0].rpartition(".")[2]
    return EMPTY.get(outermost, 'raise NotImplementedError("say what to return")')
