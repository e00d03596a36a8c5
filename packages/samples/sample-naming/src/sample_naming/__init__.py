"""How a sample studio names its files, and where its asset store shows them."""

from __future__ import annotations

__all__: list[str] = []
