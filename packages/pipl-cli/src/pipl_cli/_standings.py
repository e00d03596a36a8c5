"""How a packl stands beside what has been released, as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipl_core.outdated import PacklStatus


def news(packl: PacklStatus) -> list[str]:
    """Return what there is to say, in a word or two each."""
    withdrawn = f"withdrawn: {packl.yanked}" if packl.yanked else "withdrawn"
    said = {
        "newer": packl.has_newer,
        "held back": packl.is_held_back,
        withdrawn: packl.yanked is not None,
    }
    return [text for text, holds in said.items() if holds]


def as_data(packl: PacklStatus) -> dict[str, object]:
    """Return all that is known of it."""
    return {**vars(packl), "newer": packl.has_newer, "held_back": packl.is_held_back}
