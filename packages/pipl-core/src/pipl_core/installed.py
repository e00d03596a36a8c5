"""What is installed in an environment, read from its metadata without running its Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from typing import TYPE_CHECKING

from packaging.markers import default_environment
from packaging.requirements import Requirement

from pipl_hooks import normalized_name

if TYPE_CHECKING:
    from pathlib import Path


class InstalledPackls:
    """The distributions of an environment, by normalized name.

    Args:
        environment: Folder of the virtualenv.
    """

    def __init__(self, environment: Path) -> None:
        folders = [str(path) for path in environment.glob("[Ll]ib*/**/site-packages")]
        self.by_name: dict[str, Distribution] = {}
        for distribution in distributions(path=folders):
            name = distribution.metadata["Name"]
            if name:  # what is half uninstalled has none
                self.by_name.setdefault(normalized_name(name), distribution)
        own = _python(environment)
        self.python: str | None = own.get("python_full_version")
        """Version of its Python; None where its `pyvenv.cfg` does not tell."""
        self._markers: dict[str, str] = {**default_environment(), **own}  # type: ignore[dict-item]

    def requirements(self, name: str, extras: Iterable[str] = ()) -> list[Requirement]:
        """Return what an installed distribution asks for here.

        Args:
            name: Its normalized name.
            extras: Its extras that were asked for.
        """
        return self.applying(_read(self.by_name[name].requires or []), extras)

    def applying(
        self, requirements: Iterable[Requirement], extras: Iterable[str] = ()
    ) -> list[Requirement]:
        """Leave out what another platform, Python or extra asks for."""
        return [r for r in requirements if self._applies(r, ("", *extras))]

    def _applies(self, requirement: Requirement, extras: Iterable[str]) -> bool:
        marker = requirement.marker
        if marker is None:
            return True
        return any(marker.evaluate({**self._markers, "extra": extra}) for extra in extras)


def _read(texts: Iterable[str]) -> list[Requirement]:
    found = []
    for text in texts:
        try:
            found.append(Requirement(text))
        except (
            ValueError,
            RecursionError,
        ):  # old packages from elsewhere; installers skip these, too
            continue
    return found


def _python(environment: Path) -> Mapping[str, str]:
    """Return the markers for the environment's own Python, from `pyvenv.cfg`."""
    try:
        text = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return {}
    values = dict(line.partition("=")[::2] for line in text.splitlines())
    version = {key.strip(): value.strip() for key, value in values.items()}.get("version_info", "")
    numbers = version.split(".")[:3]
    if len(numbers) < 2:  # noqa: PLR2004  major and minor
        return {}
    return {"python_version": ".".join(numbers[:2]), "python_full_version": ".".join(numbers)}
