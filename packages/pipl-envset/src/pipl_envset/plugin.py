"""pipl's own answers to the hooks on tools and formats; a studio's always win over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipl_hooks import hookimpl

if TYPE_CHECKING:
    from pipl_hooks import EnvironmentFormat


@hookimpl(trylast=True)
def pipl_find_tool(name: str, requirement: str, search: Sequence[str]) -> Sequence[str]:
    """Find what the config says, else what is at the places of the EnvSet."""
    from ._search import configured, programs

    return programs(configured(name) or search)


@hookimpl(trylast=True)
def pipl_environment_format(name: str) -> EnvironmentFormat | None:
    """Give the formats of common shells, and JSON."""
    from ._formats import FORMATS

    return FORMATS.get(name)
