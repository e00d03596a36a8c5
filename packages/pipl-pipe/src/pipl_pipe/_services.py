"""Services by name, made on first use with the config of the same name."""

from __future__ import annotations

import atexit
import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipl_hooks import entry_points

from ._plugins import plugins
from ._settings import LOCAL_STORE, is_offline
from .errors import PipelineError
from .plugin import SERVICES_GROUP

if TYPE_CHECKING:
    from pipl_hooks import AssetStore

    from ._products import Products


class Services:
    """The services of this environment, as attributes.

    A service is made when it is first asked for, by the hook `pipl_service`, and closed at exit.

    Attributes:
        asset_store: Turns references into bytes on disk.
    """

    if TYPE_CHECKING:
        asset_store: AssetStore

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._config: Mapping[str, Mapping[str, Any]] | None = None
        atexit.register(self.close)

    @property
    def config(self) -> Mapping[str, Mapping[str, Any]]:
        """The merged configuration, by the names of services."""
        if self._config is None:
            merged: dict[str, dict[str, Any]] = {}
            # pluggy answers with the plugin registered last at the front; it is to win.
            for answer in reversed(plugins().hook.pipl_config()):
                for name, values in answer.items():
                    merged.setdefault(name, {}).update(values)
            self._config = merged
        return self._config

    @property
    def products(self) -> Products:
        """The Products that are installed here."""
        from ._products import Products

        return Products()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  a service may be anything
        """Return the service of that name.

        Raises:
            PipelineError: No packl gives it.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._made:
            asked = LOCAL_STORE if name == "asset_store" and is_offline() else name
            service = plugins().hook.pipl_service(name=asked, config=self.config.get(asked, {}))
            if service is None:
                raise self._missing(name)
            self._made[name] = service
        return self._made[name]

    @contextlib.contextmanager
    def overridden(self, **services: object) -> Iterator[None]:
        """Use other services for a while, in a test.

        For example `with services.overridden(asset_store=fake):`.
        """
        before = dict(self._made)
        self._made.update(services)
        try:
            yield
        finally:
            self._made = before

    def close(self) -> None:
        """Close every service that was made; it is made anew when asked for again."""
        made, self._made = self._made, {}
        for service in made.values():
            close = getattr(service, "close", None)
            if callable(close):
                close()

    @staticmethod
    def _missing(name: str) -> PipelineError:
        there = sorted({point.name for _, point in entry_points(SERVICES_GROUP)})
        msg = f"No packl in this environment gives the service {name!r}."
        context = f"There are: {', '.join(there) or 'none'}."
        return PipelineError(msg, context=context, hint="Install the packl that gives it.")


services = Services()
"""The services of this environment."""
