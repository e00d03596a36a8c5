"""Which names packls and folders may have, on every platform."""

from __future__ import annotations

import keyword
import re
import sys

from pipl_hooks import import_name, normalized_name

from .errors import CoreError, PacklError

LONGEST = 100
"""Characters; paths of 260 must still hold a wheel's files on Windows."""

LONGEST_FOLDER = 120
"""Bytes of the name of a project's folder."""

_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
_FOLDER = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\Z")
_USER = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._@-]*[A-Za-z0-9_])?\Z")
_RESERVED = re.compile(
    r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?\Z"
)
_WINDOWS = "Windows reserves this name."

_STANDARD = sys.stdlib_module_names | {
    # In the standard library of another Python from 3.9 on: a workspace may have any of them.
    *("aifc", "annotationlib", "asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb"),
    *("chunk", "compression", "crypt", "distutils", "formatter", "imghdr", "imp", "lib2to3"),
    *("mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "parser", "pipes", "smtpd", "sndhdr"),
    *("spwd", "sunau", "symbol", "telnetlib", "tomllib", "uu", "xdrlib"),
    # Modules that Python imports by itself, or that belong to its own tests.
    *("sitecustomize", "test", "usercustomize"),
}
_STANDARD_LOWER = {name.lower(): name for name in _STANDARD}


def check_packl_name(name: str) -> str:
    """Return a name that a packl may have.

    Whether something else has it already, `taken_names` tells.

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
        why = _WINDOWS
    elif keyword.iskeyword(module) or not module.isidentifier():
        why = f"Python cannot import {module!r}."
    elif module.lower() in _STANDARD_LOWER:
        why = f"It would hide {_STANDARD_LOWER[module.lower()]!r} of Python's standard library."
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
        context = _WINDOWS if _RESERVED.match(name) else None
        hint = "Use letters, digits, and - _ . between them."
        raise PacklError(msg, context=context, hint=hint)
    return name


def check_project_folder(name: str) -> str:
    """Return the name of a project's folder, in whatever language: it may hold spaces, too.

    Raises:
        PacklError: Not every platform can have such a folder.
    """
    bad = (
        not name
        or name[-1] in ". "
        or _RESERVED.match(name)
        or len(name.encode("utf-8", "surrogatepass")) > LONGEST_FOLDER
        or any(char in '<>:"/\\|?*' or not char.isprintable() for char in name)
    )
    if bad:
        msg = f"{name!r:.150} cannot be the name of a project."
        context = _WINDOWS if _RESERVED.match(name) else None
        hint = 'Use a shorter one without < > : " / \\ | ? * and control characters.'
        raise PacklError(msg, context=context, hint=hint)
    return name


def check_user_name(name: str) -> str:
    """Return a name that a user of the server may have; it is part of addresses and of files.

    Raises:
        CoreError: It may not.
    """
    if not _USER.match(name) or _RESERVED.match(name) or len(name) > LONGEST:
        msg = f"{name!r:.100} cannot be the name of a user."
        context = _WINDOWS if _RESERVED.match(name) else None
        hint = "Use letters, digits, and - _ . @ between them."
        raise CoreError(msg, context=context, hint=hint)
    return name


def check_index_name(name: str) -> str:
    """Return the name of an index, `USER/NAME`.

    Raises:
        CoreError: It is none.
    """
    if not all(_USER.match(part) for part in name.split("/", 2)) or name.count("/") != 1:
        msg = f"{name!r:.150} cannot be the name of an index."
        raise CoreError(msg, hint="An index is USER/NAME, such as root/PROJ.")
    return name


def same_name(one: str, other: str) -> bool:
    """Tell whether two names mean one packl (PEP 503)."""
    return normalized_name(one) == normalized_name(other)
