"""Versions: PEP 440, as people type them and as they move on."""

from __future__ import annotations

from typing import Literal, get_args

from packaging.version import Version

from .errors import PacklError

Part = Literal["major", "minor", "patch", "rc", "release"]
PARTS: tuple[Part, ...] = get_args(Part)


def parsed_version(text: str) -> str:
    """Return a version in its normal form; `v003` gives `3`.

    Raises:
        PacklError: It is no PEP 440 version.
    """
    try:
        return str(Version(text))
    except ValueError as error:  # InvalidVersion, or a number of thousands of digits
        msg = f"{text!r:.100} is no version."
        raise PacklError(msg, hint="Write 1.2.0, 1.3.0rc1 or v003 (PEP 440).") from error


def bumped(version: str, part: Part) -> str:
    """Return the version that comes next.

    As with npm, bumping a release candidate's own part releases it: `patch` of `1.2.4rc1` is
    `1.2.4`, since no `1.2.4` has been released yet.

    Args:
        version: The present one.
        part: `major`, `minor`, `patch`; `rc` for the next candidate, `release` for the final one.

    Raises:
        PacklError: `release` of what is no candidate.
    """
    current = Version(parsed_version(version))
    major, minor, patch = (*current.release, 0, 0)[:3]
    candidate = current.pre is not None
    if part == "release":
        if not candidate:
            msg = f"{version} is no release candidate."
            raise PacklError(msg, hint="Bump major, minor or patch instead.")
        return f"{major}.{minor}.{patch}"
    if part == "rc":
        if candidate and current.pre and current.pre[0] == "rc":
            return f"{major}.{minor}.{patch}rc{current.pre[1] + 1}"
        return f"{major}.{minor}.{patch if candidate else patch + 1}rc1"
    if part == "patch":
        return f"{major}.{minor}.{patch if candidate else patch + 1}"
    if part == "minor":
        stays = candidate and patch == 0
        return f"{major}.{minor if stays else minor + 1}.0"
    stays = candidate and patch == 0 and minor == 0
    return f"{major if stays else major + 1}.0.0"


def compatible_range(version: str) -> str:
    """Return the range of versions that promise to go together with this one.

    `1.4.2` gives `>=1.4.2,<2`; before 1.0 a minor version may change everything, so `0.3.1`
    gives `>=0.3.1,<0.4`.
    """
    current = Version(version)
    end = f"0.{current.minor + 1}" if current.major == 0 else str(current.major + 1)
    epoch = f"{current.epoch}!" if current.epoch else ""
    # A range takes no local version: torch 2.1.0+cpu gives >=2.1.0.
    return f">={current.public},<{epoch}{end}"
