"""Hooks that are called in the environment of a workspace, where packls are installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._marker import hookspec

if TYPE_CHECKING:
    from pathlib import Path

    from ..interfaces import EnvironmentFormat
    from ..problems import Problem

# A specification declares; its arguments are used by whoever implements it.


@hookspec
def pipl_config() -> Mapping[str, Mapping[str, Any]]:  # type: ignore[empty-body]
    """Give configuration, by the name of the service that it is for.

    Called once, when the first config is asked for. All answers count: they are merged key by
    key over what entry points of packls, the project's `pipl.toml` and the Task give, and the
    plugin that was registered later wins (see `tryfirst` and `trylast` of pluggy).

    Returns:
        For example `{"asset_store": {"root": "/mnt/show/assets"}}`.
    """


@hookspec(firstresult=True)
def pipl_config_schema(name: str) -> type | None:
    """Give the schema of a config: a dataclass whose fields name its keys.

    Called when the config `name` is first asked for. The first answer wins; pipl's own, which is
    what the entry points of `pipl_pipe.config_schema` declare, comes last.

    Args:
        name: Name of the config.

    Returns:
        The dataclass, whose fields have types and may have defaults, or None to leave it to
        others. Without a schema a config may hold anything.
    """


@hookspec(firstresult=True)
def pipl_service(name: str, config: Mapping[str, Any]) -> object | None:
    """Make the service `name`, or return None to leave it to others.

    Called when `services.<name>` is first asked for. The first answer wins; pipl's own
    implementation comes last. A service with a method `close` is closed at exit.

    Args:
        name: Name of the service: `asset_store`, `env`, `products`, `tasks`, or one that a
            studio adds.
        config: The merged configuration of that name.

    Returns:
        The service, or None.
    """


@hookspec
def pipl_asset_types() -> Iterable[type]:  # type: ignore[empty-body]
    """Give further Asset types.

    Called when an Asset's type is first looked up. All answers count; two types of one name are
    an error that names both packls.

    Returns:
        Classes derived from `pipl_pipe.AssetType`.
    """


@hookspec
def pipl_product_types() -> Iterable[type]:  # type: ignore[empty-body]
    """Give further Product types.

    Called when a Product type is first looked up. All answers count; names are unique.

    Returns:
        Classes derived from `pipl_pipe.Product`.
    """


@hookspec
def pipl_task_types() -> Iterable[type]:  # type: ignore[empty-body]
    """Give further Task types.

    Called when a Task type is first looked up, for example by `create_task`. All answers count;
    names are unique.

    Returns:
        Classes derived from `pipl_pipe.Task`.
    """


@hookspec(firstresult=True)
def pipl_product_name(task: str, output: str) -> str | None:
    """Name the Product packl that a Task makes.

    Called for each output of a Task when it is processed. The first answer wins; pipl's own
    answer, which comes last, is `<task>_<output>`.

    Args:
        task: Name of the Task packl, `sh010_anim`.
        output: Name of the output in the Task's class, `usd`.

    Returns:
        A valid name of a package, or None to leave it to others.
    """


@hookspec(firstresult=True)
def pipl_asset_base_name(packl: str, asset: str, suffix: str) -> str | None:
    """Name the file of an Asset, or the files of its sequence.

    Called when an Asset is edited or published. The first answer wins; pipl's own answer, which
    comes last, is `<packl>_<asset><suffix>`.

    Args:
        packl: Name of the packl.
        asset: Name of the Asset in it.
        suffix: Suffix of the Asset's type, `.usda`; empty for a folder.

    Returns:
        A file name without folders, or None to leave it to others.
    """


@hookspec(firstresult=True)
def pipl_asset_location(packl: str, revision: str, asset: str) -> str | None:
    """Choose the folder in the asset store where an Asset's revision can be read.

    Called when an Asset is published and when its path is asked for. The first answer wins;
    pipl's own answer, which comes last, is `<packl>/<revision>/<asset>`.

    Args:
        packl: Name of the packl.
        revision: Version of the packl.
        asset: Name of the Asset in it.

    Returns:
        A relative path with `/` between folders, different for each Asset and revision, or None
        to leave it to others.
    """


@hookspec
def pipl_check_asset(type_name: str, path: Path) -> Iterable[Problem]:  # type: ignore[empty-body]
    """Check an Asset's files, beside the check of its type.

    Called when the Asset is published. All answers count, and any problem stops the publication.

    Args:
        type_name: Name of the Asset's type.
        path: Its file or folder.

    Returns:
        What is wrong; empty when all is well.
    """


@hookspec(firstresult=True)
def pipl_find_tool(name: str, requirement: str, search: Sequence[str]) -> Sequence[str] | None:
    """Find the programs that an EnvSet's installed tool could be.

    Called for each EnvSet with a tool, whenever something was installed. The first answer wins;
    pipl's own, which comes last, is what `[config.tools]` says, else what is found at the places
    that the EnvSet names. Of the answer, the first program whose version fits is taken.

    Args:
        name: Name of the tool, `blender`.
        requirement: Versions that fit (PEP 440), `>=3.4,<4`; empty where all do.
        search: Places that the EnvSet names for this platform: patterns of paths, which may begin
            with `~` or a variable, and names of programs on the PATH.

    Returns:
        Whole paths of programs, the best first; empty where there is none; or None to leave it to
        others.
    """


@hookspec(firstresult=True)
def pipl_environment_format(name: str) -> EnvironmentFormat | None:
    """Give the format of that name for the environment that EnvSets add up to.

    Called by `pipl env export`, and for the scripts of activation whenever something was
    installed. The first answer wins; pipl's own, `bash`, `zsh`, `fish`, `powershell`, `cmd` and
    `json`, come last.

    Args:
        name: Name of the format.

    Returns:
        The format, or None to leave it to others.
    """
