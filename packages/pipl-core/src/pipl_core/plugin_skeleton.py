"""Makes a new packl a plugin: a module that answers one hook, and what names it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import tomlkit

import pipl_hooks
from pipl_hooks import NAMESPACE, import_name, specs
from pipl_hooks.suggestions import did_you_mean

from .errors import NotFoundError
from .hook_stubs import plugin_stub
from .versions import compatible_range


def with_plugin(files: Mapping[str, str], name: str, hook: str) -> dict[str, str]:
    """Return the files of a new packl, and a plugin among them.

    Args:
        files: Texts by their relative path, `pyproject.toml` among them.
        name: Name of the packl.
        hook: The hook that it is to answer.

    Raises:
        NotFoundError: There is no such hook.
    """
    module = import_name(name)
    try:
        stub = plugin_stub(Path(pipl_hooks.__file__).parent, hook, name)
    except LookupError as error:
        msg = f"There is no hook {hook!r}."
        hooks = [n for module in specs.ALL for n in vars(module) if n.startswith("pipl_")]
        hint = f"{did_you_mean(hook, hooks)}`pipl plugins` lists all hooks."
        raise NotFoundError(msg, context=str(error.args[0]), hint=hint) from None
    document = tomlkit.parse(files["pyproject.toml"])
    project = document["project"]
    assert isinstance(project, dict)  # noqa: S101  a packl's skeleton has this table
    project["dependencies"].append(f"pipl-hooks{compatible_range(version('pipl-hooks'))}")
    project.setdefault("entry-points", tomlkit.table(is_super_table=True))
    project["entry-points"][NAMESPACE] = {module: f"{module}.plugin"}
    return {
        **files,
        "pyproject.toml": tomlkit.dumps(document),
        f"src/{module}/plugin.py": stub,
    }
