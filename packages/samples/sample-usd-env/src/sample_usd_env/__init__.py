"""Lets USD find every published Asset by its location."""

from __future__ import annotations

from collections.abc import Iterator

from pipl_envset import Change, EnvSet, Prepend, Set
from pipl_pipe import services


class UsdEnv(EnvSet):
    """Lets USD find every published Asset by its location."""

    def changes(self) -> Iterator[Change]:
        """Give the search path of USD's default resolver, and the show's frame rate."""
        yield Prepend("PXR_AR_DEFAULT_SEARCH_PATH", lambda: str(services.asset_store.products))
        yield Set("SAMPLE_SHOW_FPS", str(services.config["sample"]["fps"]))


ENVSET = UsdEnv(__name__)

__all__ = ["ENVSET", "UsdEnv"]
