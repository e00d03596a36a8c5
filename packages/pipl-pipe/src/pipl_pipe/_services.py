"""Services by name, made on first use with the config of the same name."""

from __future__ import annotations

import atexit
import contextlib
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipl_hooks import PiplError, entry_points
from pipl_hooks.installed import one_line

from ._config import Config
from ._missing import explained
from ._plugins import plugins
from ._points import the_point
from ._settings import LOCAL_STORE, is_offline
from .errors import PipelineError, UnknownServiceError

if TYPE_CHECKING:
    from pipl_hooks import AssetStore, Environment

    from ._products import Products
    from ._task_service import Tasks

SERVICES_GROUP = "pipl_pipe.services"
CONFIG = "config"
"""The one service that is not made by the hook, since each other one is made with it."""


class Services:
    """The services of this environment, as attributes; `dir(services)` lists them.

    A service is made when it is first asked for, by the hook `pipl_service`, and closed at exit.

    Attributes:
        config: The merged configuration, by the names of services.
        asset_store: Turns references into bytes on disk.
        products: The Products that are installed here.
        tasks: The Task of this environment.
        env: What the EnvSets that are installed here set.
    """

    if TYPE_CHECKING:
        config: Mapping[str, Mapping[str, Any]]
        asset_store: AssetStore
        products: Products
        tasks: Tasks
        env: Environment

    def __init__(self) -> None:
        self._given: Mapping[str, Any] = {}
        self._made: dict[str, Any] = {}
        self._making: list[str] = []
        self._lock = threading.RLock()
        atexit.register(self._close_at_exit)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  a service may be anything
        """Return the service of that name.

        Raises:
            UnknownServiceError: No packl gives it, which is an AttributeError, too.
            PipelineError: It could not be made.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        with self._lock:
            if name in self._given:
                return self._given[name]
            if name not in self._made:
                self._made[name] = self._make(name)
            return self._made[name]

    def __dir__(self) -> Iterable[str]:
        """List the services that there are, beside what the class itself has."""
        return sorted({*super().__dir__(), *self._names()})

    @contextlib.contextmanager
    def overridden(self, **services: object) -> Iterator[None]:
        """Use other services for a while, in a test: `with services.overridden(asset_store=fake):`.

        Every other service is made anew meanwhile, since it may hold one that was overridden, and
        closed at the end. Those that were given here are the caller's, and not closed.

        Args:
            services: The services, by name; `config` is a mapping by the names of services.
        """
        before = self._given, self._made
        kept = {CONFIG: self._made[CONFIG]} if CONFIG in self._made else {}
        self._given, self._made = {**self._given, **services}, kept
        try:
            yield
        finally:
            try:
                self.close()
            finally:
                self._given, self._made = before

    def close(self) -> None:
        """Close every service that was made, the newest first; they are made anew on demand.

        Raises:
            PipelineError: Some could not be closed; all others are.
        """
        made, self._made = self._made, {}
        failed = []
        for name, service in reversed(list(made.items())):
            close = getattr(service, "close", None)
            try:
                if callable(close):
                    close()
            except Exception as error:  # noqa: BLE001  the others are to be closed, too
                failed.append(f"{name}: {one_line(error)}")
        if failed:
            msg = "Some services could not be closed."
            raise PipelineError(msg, context="\n".join(failed))

    def _make(self, name: str) -> Any:  # noqa: ANN401
        if name == CONFIG:
            return Config()
        if name in self._making:
            chain = " -> ".join([*self._making[self._making.index(name) :], name])
            msg = f"The service {name!r} needs itself to be made."
            hint = "Ask for other services when they are needed, not when yours is made."
            raise PipelineError(msg, context=f"{chain}.", hint=hint)
        self._making.append(name)
        try:
            asked = LOCAL_STORE if name == "asset_store" and is_offline() else name
            config = self.config.get(asked, {})
            service = plugins().ask("pipl_service", name=asked, config=config)
        finally:
            self._making.pop()
        if service is not None:
            return service
        msg = f"No packl in this environment gives the service {name!r}."
        there = self._names()
        raise UnknownServiceError(msg, lambda: explained(SERVICES_GROUP, name, there))

    def _names(self) -> list[str]:
        declared = {point.name for _, point in entry_points(SERVICES_GROUP)}
        return sorted({CONFIG, *declared, *self._given, *self._made})

    def _close_at_exit(self) -> None:
        try:
            self.close()
        except PipelineError as error:
            print(f"pipl: {error}", file=sys.stderr)  # noqa: T201  nobody is left to raise it to


def declared_service(name: str, config: Mapping[str, Any]) -> object | None:
    """Make the service that an entry point of `pipl_pipe.services` declares.

    Raises:
        PipelineError: Two packls declare it, or it could not be made; the error names the packl.
    """
    found = the_point(SERVICES_GROUP, name, "service")
    if found is None:
        return None
    source, point = found
    try:
        service: object = point.load()(config)
    except PiplError:
        raise
    except (Exception, SystemExit) as error:
        msg = f"The service {name!r} of {source} could not be made."
        raise PipelineError(msg, context=f"{source.module}: {one_line(error)}") from error
    return service


services = Services()
"""The services of this environment."""
