"""Requirements (PEP 508), as people type them and as files hold them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import InstallError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

EDIT_EXTRA = "edit"
"""Extra that brings what only editing needs."""

LONGEST = 2000
"""Characters; a longer one is no requirement of a person, and takes long to read."""

_VERSION = r"\s*(?:==|!=|<=|>=|<|>)\s*\d{1,9}(?:\.\d{1,9}){0,5}\s*"
_PLAIN = re.compile(
    rf"[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,200}}[A-Za-z0-9])?(?:{_VERSION}(?:,{_VERSION}){{0,9}})?\Z",
    re.ASCII,
)


def is_plain(text: str) -> bool:
    """Tell whether a text is a name with or without simple versions, and so a requirement."""
    return _PLAIN.match(text) is not None


def check_requirement(text: str) -> None:
    """Make sure that a text is a requirement, without what takes long to import where it can be.

    Files with requirements are read whenever a command starts, and most of these are plain.

    Raises:
        InstallError: It is none, or names an address.
    """
    if not is_plain(text):
        parsed_requirement(text)


def parsed_requirement(text: str, *, addresses: bool = False) -> Requirement:
    """Read a requirement: a name in the project's index, versions and extras.

    Args:
        text: For example `char_hero_rig>=2,<3`.
        addresses: Let it name an address, from which anything could come.

    Raises:
        InstallError: It is none, or names an address.
    """
    from packaging.requirements import Requirement

    hint = 'For example: "char_hero_rig>=2,<3".'
    msg = f"{text!r:.200} is no requirement."
    if len(text) > LONGEST:
        context = f"It has {len(text)} characters, and may have {LONGEST}."
        raise InstallError(msg, context=context, hint=hint)
    try:
        requirement = Requirement(text)
        hash(requirement.specifier)  # reads its versions, which may have too many digits
    except (ValueError, RecursionError) as error:  # mostly InvalidRequirement
        context = str(error).partition("\n")[0]
        raise InstallError(msg, context=context, hint=hint) from error
    if requirement.url and not addresses:
        msg = f"{text!r:.200} names an address."
        hint = (
            "Packls come from the project's index, and from nowhere else: name it and its versions."
        )
        raise InstallError(msg, hint=hint)
    return requirement


def required_name(text: str) -> str:
    """Return the name in what may be a requirement; empty where it is none.

    What other people's packages ask for is not always well written, and installers skip it.
    """
    try:
        return parsed_requirement(text, addresses=True).name
    except InstallError:
        return ""
