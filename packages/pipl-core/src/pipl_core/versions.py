"""Versions: PEP 440, as people type them and as they move on."""

from __future__ import annotations

from typing import Literal, get_args

from packaging.version import Version

from .errors import PacklError

Part = Literal["major", "minor", "patch", "rc", "release"]
LONGEST = 64
"""Characters of a version; with the longest name of a packl its wheel still has a name on disk."""

PARTS: tuple[Part, ...] = get_args(Part)


def parsed_version(text: str) -> str:
    """Return a version in its normal form; `v003` gives `3`.

    Raises:
        PacklError: It is no PEP 440 version.
    """
    msg = f"{text!r:.100} is no version."
    if len(text) > LONGEST:
        context = f"A version has at most {LONGEST} characters; this one has {len(text)}."
        raise PacklError(msg, context=context, hint="Write 1.2.0, 1.3.0rc1 or v003 (PEP 440).")
    try:
        return str(Version(text))
    except ValueError as error:
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
    epoch = f"{current.epoch}!" if current.epoch else ""
    major, minor, patch = (*current.release, 0, 0)[:3]
    further = any(current.release[3:])
    candidate = current.pre is not None
    # What a candidate is a candidate of: its own number, whatever came after the third part.
    final = f"{epoch}{major}.{minor}.{patch}"
    if part == "release":
        if not candidate:
            msg = f"{version} is no release candidate."
            raise PacklError(msg, hint="Bump major, minor or patch instead.")
        return f"{epoch}{'.'.join(map(str, current.release))}" if further else final
    stays = candidate and not further
    if part == "rc":
        if stays and current.pre and current.pre[0] == "rc":
            return f"{final}rc{current.pre[1] + 1}"
        return f"{epoch}{major}.{minor}.{patch if stays else patch + 1}rc1"
    if part == "patch":
        return f"{epoch}{major}.{minor}.{patch if stays else patch + 1}"
    stays = stays and patch == 0
    if part == "minor":
        return f"{epoch}{major}.{minor if stays else minor + 1}.0"
    stays = stays and minor == 0
    return f"{epoch}{major if stays else major + 1}.0.0"


def compatible_range(version: str) -> str:
    """Return the range of versions that promise to go together with this one.

    `1.4.2` gives `>=1.4.2,<2`; before 1.0 a minor version may change everything, so `0.3.1`
    gives `>=0.3.1,<0.4`.

    Raises:
        PacklError: It is no PEP 440 version.
    """
    current = Version(parsed_version(version))
    end = f"0.{current.minor + 1}" if current.major == 0 else str(current.major + 1)
    epoch = f"{current.epoch}!" if current.epoch else ""
    # A range takes no local version: torch 2.1.0+cpu gives >=2.1.0.
    return f">={current.public},<{epoch}{end}"
