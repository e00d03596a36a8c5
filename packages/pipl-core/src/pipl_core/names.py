"""Which names packls and folders may have, on every platform."""

from __future__ import annotations

import keyword
import re
import sys

from pipl_hooks import import_name, normalized_name

from .errors import PacklError

LONGEST = 100
"""Characters; paths of 260 must still hold a wheel's files on Windows."""

_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
_FOLDER = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\Z")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\Z")


def check_packl_name(name: str) -> str:
    """Return a name that a packl may have.

    Raises:
        PacklError: It may not, and why.
    """
    module = import_name(name)
    hint = "Use letters, digits and _, starting with a letter: shot_010_anim."
    why = None
    if not name.isascii() or not _NAME.match(name):
        why = "A name holds letters, digits, and - _ . between them, and starts with a letter."
    elif len(name) > LONGEST:
        why = f"A name has at most {LONGEST} characters; this one has {len(name)}."
    elif _RESERVED.match(name) or _RESERVED.match(module):
        why = "Windows reserves this name."
    elif keyword.iskeyword(module) or not module.isidentifier():
        why = f"Python cannot import {module!r}."
    elif module in sys.stdlib_module_names:
        why = f"It would hide {module!r} of Python's standard library."
    if why:
        msg = f"{name!r:.150} cannot be the name of a packl."
        raise PacklError(msg, context=why, hint=hint)
    return name


def check_folder_name(name: str, what: str) -> str:
    """Return a name that a folder may have on every platform.

    Raises:
        PacklError: It may not.
    """
    if (
        not name.isascii()
        or not _FOLDER.match(name)
        or _RESERVED.match(name)
        or len(name) > LONGEST
    ):
        msg = f"{name!r:.150} cannot be the name of a {what}."
        hint = "Use letters, digits, and - _ . between them."
        raise PacklError(msg, hint=hint)
    return name


def same_name(one: str, other: str) -> bool:
    """Tell whether two names mean one packl (PEP 503)."""
    return normalized_name(one) == normalized_name(other)
