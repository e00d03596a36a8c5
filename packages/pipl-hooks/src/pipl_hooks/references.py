"""References to packls and to their Assets, as people and scenes write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import FormatError

SCHEME = "pipl:///"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
_ASSET = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def normalized_name(name: str) -> str:
    """Return the name by which indexes know a packl (PEP 503)."""
    # Written out: importing packaging takes longer than all else that `pipl --help` does.
    return re.sub(r"[-_.]+", "-", name).lower()


def import_name(name: str) -> str:
    """Return the name by which Python imports a packl: `shot-010.anim` gives `shot_010_anim`."""
    return re.sub(r"[-_.]+", "_", name)


@dataclass(frozen=True)
class EntityReference:
    """An Asset of a packl: `pipl:///<packl>[@<version>]/<asset>`.

    Without a version it floats, and means the version that is installed; with one it is pinned.

    Attributes:
        packl: Name of the packl.
        asset: Name of the Asset in it.
        version: PEP 440 version, or None where it floats.
    """

    packl: str
    asset: str
    version: str | None = None

    def __str__(self) -> str:
        """Write the reference as a URI."""
        pin = f"@{self.version}" if self.version else ""
        return f"{SCHEME}{self.packl}{pin}/{self.asset}"

    @classmethod
    def parse(cls, text: str) -> EntityReference:
        """Read a reference.

        Raises:
            FormatError: The text is no reference.
        """
        msg = f"{text!r:.200} is not an entity reference."
        hint = "Write it as pipl:///<packl>/<asset> or pipl:///<packl>@<version>/<asset>."
        if not text.startswith(SCHEME):
            raise FormatError(msg, context=f"It does not start with {SCHEME}.", hint=hint)
        head, _, asset = text[len(SCHEME) :].partition("/")
        name, at, version = head.partition("@")
        if not _NAME.match(name):
            raise FormatError(
                msg, context=f"{name!r:.200} cannot be the name of a packl.", hint=hint
            )
        if not _ASSET.match(asset):
            raise FormatError(
                msg, context=f"{asset!r:.200} cannot be the name of an Asset.", hint=hint
            )
        if at:
            from packaging.version import Version  # see normalized_name

            try:
                version = str(Version(version))
            except ValueError as error:  # InvalidVersion, or a number of thousands of digits
                raise FormatError(msg, context=f"{error!s:.200}", hint=hint) from error
        return cls(packl=name, asset=asset, version=version or None)
