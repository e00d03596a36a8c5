"""What tells the version of a program, and remembers it: to start a tool takes seconds."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from .errors import EnvSetError

FORMAT = 1
FILE_NAME = "probes.json"

SECONDS = 120.0
"""For a tool that starts for the first time from a busy server."""


class ProbeError(EnvSetError):
    """A program does not tell its version."""


@dataclass(frozen=True)
class PrintedVersion:
    """Tells the version that a program prints.

    Attributes:
        argument: What the program is called with.
        pattern: Regular expression; its first group is the version.
    """

    argument: str = "--version"
    pattern: str = r"(\d+(?:\.\d+)+\S*)"

    def __call__(self, program: Path) -> str:
        """Start the program, and return its version.

        Raises:
            ProbeError: It does not start, or prints no version.
        """
        try:
            done = subprocess.run(
                [str(program), self.argument],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            msg = f"it did not end within {SECONDS:.0f} seconds when asked for its version"
            raise ProbeError(msg) from error
        except OSError as error:
            msg = f"it cannot be started: {error.strerror}"
            raise ProbeError(msg) from error
        found = re.search(self.pattern, done.stdout)
        if found is None:
            lines = done.stdout.strip().splitlines()
            said = f"said {lines[0]!r:.100}" if lines else "said nothing"
            msg = f"it {said} and ended with {done.returncode} when asked for its version"
            raise ProbeError(msg)
        return found.group(1)


class KnownVersions:
    """Versions of programs that did not change since they were asked.

    Args:
        path: File in which they are kept, in the environment's folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(path.read_text(encoding="utf-8"))
            self._known = dict(data["probes"]) if data["format"] == FORMAT else {}

    def version(self, program: Path, probe: Callable[[Path], str]) -> str:
        """Return the version of a program, asking it only when it is another one than before.

        Raises:
            ProbeError: It does not tell.
        """
        status = program.stat()
        key = f"{program}|{_identity(probe)}"
        seen = [str(program.resolve()), status.st_mtime_ns, status.st_size]
        known = self._known.get(key)
        if isinstance(known, list) and known[:-1] == seen:
            return str(known[-1])
        version = _asked(program, probe)
        self._known[key] = [*seen, version]
        self._save()
        return version

    def _save(self) -> None:
        text = json.dumps({"format": FORMAT, "probes": self._known}, indent=2) + "\n"
        temporary = self._path.with_name(f"{self._path.name}.new")
        with contextlib.suppress(OSError):  # it is asked again the next time
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self._path)


def _asked(program: Path, probe: Callable[[Path], str]) -> str:
    try:
        version: object = probe(program)
    except ProbeError:
        raise
    except Exception as error:  # a studio's own probe may raise anything
        msg = f"its version cannot be told: {type(error).__name__}: {error}"
        raise ProbeError(msg) from error
    if not isinstance(version, str):
        msg = f"its version is said to be {version!r:.100}, which is no text"
        raise ProbeError(msg)
    return version


def _identity(probe: Callable[[Path], str]) -> str:
    code = getattr(probe, "__code__", None)
    if code is None:
        return repr(probe)
    digest = hashlib.sha256(code.co_code + repr(code.co_consts).encode()).hexdigest()
    return f"{probe.__module__}.{getattr(probe, '__qualname__', '')}:{digest[:16]}"
