"""What lies beside an environment: `env.json`, the scripts of activation, launchers.

The activate scripts of the virtualenv source the script of their shell, and call what it defines
to restore what was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipl_hooks import Environment, EnvironmentFormat, Step, Variable
from pipl_hooks.environment import FILE_NAME, PREPEND
from pipl_pipe import plugins

from ._formats import ACTIVATION, FORMATS
from ._launchers import FOLDER_NAME, launchers, write_launchers
from .errors import EnvSetError

if TYPE_CHECKING:
    from pathlib import Path

OURS = "pipl"
"""Stands for a packl where pipl itself does something to a variable."""


def with_launchers(environment: Environment, folder: Path) -> Environment:
    """Return an environment that has the commands of its tools on the PATH.

    Args:
        environment: What the EnvSets add up to.
        folder: Folder of the scripts, below which the launchers are.
    """
    if not environment.tools and not environment.aliases:
        return environment
    # In front of what EnvSets put there: a launcher gives the program behind it its variables.
    step = Step(PREPEND, str(folder / FOLDER_NAME), OURS)
    return Environment({"PATH": Variable([step])}).after(environment)


def environment_format(name: str) -> EnvironmentFormat:
    """Return the format of that name, as the hook `pipl_environment_format` gives it.

    Raises:
        EnvSetError: No plugin gives it.
    """
    found: EnvironmentFormat | None = plugins().ask("pipl_environment_format", name=name)
    if found is None:
        msg = f"There is no format {name!r}."
        hint = "A packl in the workspace can give it, with the hook pipl_environment_format."
        raise EnvSetError(msg, context=f"There are: {', '.join(FORMATS)}.", hint=hint)
    return found


def write_scripts(environment: Environment, folder: Path) -> list[Path]:
    """Write what activation needs, `env.json` and launchers into `folder`.

    Args:
        environment: What the EnvSets add up to.
        folder: The folder; it is made.

    Returns:
        The scripts.

    Raises:
        EnvSetError: The disk refused, or a plugin's answer makes no sense.
    """
    environment = with_launchers(environment, folder)
    texts: dict[str, str] = {}
    for name in ACTIVATION:
        texts.update(_activation(environment_format(name), environment, name))
    texts[FILE_NAME] = environment.to_text()
    programs = launchers(environment)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_launchers(programs, folder / FOLDER_NAME)
        for name, text in texts.items():
            temporary = folder / f"{name}.new"
            temporary.write_bytes(text.encode("utf-8", "surrogateescape"))
            written.append(temporary.replace(folder / name))
    except OSError as error:
        msg = f"The environment's scripts could not be written to {folder}."
        context = error.strerror or str(error)
        raise EnvSetError(msg, context=context, hint="Check free space and permissions.") from error
    return written


def _activation(
    format: EnvironmentFormat, environment: Environment, name: str
) -> Mapping[str, str]:
    texts = format.activation(environment)
    for file in texts:
        if not file or "/" in file or "\\" in file or file in {FILE_NAME, FOLDER_NAME, ".", ".."}:
            msg = f"The format {name!r} gives a script the name {file!r}."
            raise EnvSetError(msg, hint="It must be the name of a file, and not one of pipl's.")
    return texts
