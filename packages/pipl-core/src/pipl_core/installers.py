"""Installers: uv, which pipl prefers, and pip."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from pipl_hooks import InstallRequest

from .errors import InstallError

_OWN_SETTINGS = (
    "UV_CACHE_DIR",
    "UV_CONCURRENT_DOWNLOADS",
    "UV_HTTP_RETRIES",
    "UV_HTTP_TIMEOUT",
    "UV_LINK_MODE",
)


PLAIN_HINT = "Nothing was changed. Correct what the installer names, then do it again."
"""For what the installer explains itself."""

_PIP_CAUSES = "The conflict is caused by:"
_PIP_ADVICE = "To fix this you could try to:"


class UvInstaller:
    """Installs with uv."""

    seeds_pip = False

    def install(self, request: InstallRequest) -> str:
        """Install packls; nothing changes when they do not go together."""
        with _constrained(request) as constraints:
            if not (request.at and request.upgrade):
                return self._install(request, constraints)
            # For uv, what is installed is the newest of all candidates, whatever its upload time.
            with tempfile.TemporaryDirectory(prefix="pipl-at-") as folder:
                resolved = self._resolved(request, constraints, Path(folder))
                return self._install(request, [*constraints, "--constraint", str(resolved)])

    def _install(self, request: InstallRequest, constraints: Sequence[str]) -> str:
        arguments = ["pip", "install", "--index-url", request.index_url]
        if request.upgrade:
            arguments.append("--upgrade")
        if not request.dependencies:
            arguments.append("--no-deps")
        if request.reinstall:
            arguments.append("--reinstall")
        if request.at:
            arguments += ["--exclude-newer", request.at]
        arguments += [*constraints, "--", *request.requirements]
        return self._run(
            arguments, request.python, index_url=request.index_url, base=request.variables
        )

    def _resolved(self, request: InstallRequest, constraints: Sequence[str], folder: Path) -> Path:
        """Write what the requirements resolve to in an empty environment, as constraints."""
        wanted, resolved = folder / "wanted.txt", folder / "resolved.txt"
        wanted.write_text("\n".join(request.requirements) + "\n", encoding="utf-8")
        arguments = ["pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-deps"]
        if request.dependencies:
            arguments.remove("--no-deps")
        arguments += ["--index-url", request.index_url, "--exclude-newer", str(request.at)]
        arguments += [*constraints, "--output-file", str(resolved), str(wanted)]
        self._run(arguments, request.python, index_url=request.index_url, base=request.variables)
        return resolved

    def uninstall(self, python: Path, names: Sequence[str]) -> str:
        """Remove packls."""
        return self._run(["pip", "uninstall", *names], python)

    def install_lock(self, request: InstallRequest, lock: Path) -> str:
        """Make the environment hold what a lock says, and nothing else."""
        arguments = ["pip", "sync", "--preview-features", "pylock"]
        arguments += ["--index-url", request.index_url, str(lock)]
        return self._run(
            arguments, request.python, index_url=request.index_url, base=request.variables
        )

    def compile_lock(
        self,
        python: Path,
        index_url: str,
        requirements: Path,
        constraints: Path,
        lock: Path,
        at: str | None = None,
    ) -> str:
        """Write a lock (PEP 751) of what requirements and constraints resolve to.

        Args:
            python: Interpreter that it is for.
            index_url: The index.
            requirements: File of requirements.
            constraints: File of constraints.
            lock: File to write.
            at: Take only what was uploaded before this time (RFC 3339).
        """
        arguments = ["pip", "compile", "--quiet", "--format", "pylock.toml", "--no-header"]
        arguments += ["--no-annotate", "--generate-hashes", "--index-url", index_url]
        arguments += ["--constraint", str(constraints), "--output-file", str(lock)]
        if at:
            arguments += ["--exclude-newer", at]
        return self._run([*arguments, str(requirements)], python, index_url=index_url)

    def freeze(self, python: Path) -> list[str]:
        """List what is installed, as `name==version`; without packls in edition."""
        printed = self._run(["pip", "freeze", "--exclude-editable"], python, quiet=True)
        return [line for line in printed.splitlines() if "==" in line]

    def _run(
        self,
        arguments: Sequence[str],
        python: Path,
        *,
        quiet: bool = False,
        index_url: str | None = None,
        base: Mapping[str, str] | None = None,
    ) -> str:
        from uv import find_uv_bin

        group, verb, *rest = arguments
        command = [find_uv_bin(), "--no-config", "--color", "never", "--no-progress"]
        command += [group, verb, "--python", str(python), *rest]
        further = {"UV_HTTP_RETRIES": "0"} if index_url and _is_down(index_url) else {}
        if base is not None and "UV_CACHE_DIR" not in os.environ:
            # A clean environment has an empty home, where uv would begin with an empty cache.
            further["UV_CACHE_DIR"] = _uv_cache(command[0])
        return run_installer(command, quiet=quiet, base=base, further=further)


class PipInstaller:
    """Installs with the environment's own pip: slower, and needs nothing else."""

    seeds_pip = True

    def install(self, request: InstallRequest) -> str:
        """Install packls."""
        arguments = ["install", "--index-url", request.index_url]
        if request.upgrade:
            arguments.append("--upgrade")
        if not request.dependencies:
            arguments.append("--no-deps")
        if request.reinstall or (request.at and request.upgrade):
            # pip takes what is installed for a candidate, and so keeps what is newer.
            arguments.append("--force-reinstall")
        if request.at:
            arguments += ["--uploaded-prior-to", request.at]
        if _is_down(request.index_url):
            arguments += ["--retries", "0"]
        with _constrained(request) as constraints:
            arguments += [*constraints, "--", *request.requirements]
            return self._run(arguments, request.python, request.variables)

    def uninstall(self, python: Path, names: Sequence[str]) -> str:
        """Remove packls."""
        return self._run(["uninstall", "--yes", *names], python)

    def install_lock(self, request: InstallRequest, lock: Path) -> str:
        """Install what a lock says; pip reads no PEP 751 locks, so it gets their digests."""
        from .locks import hashed_requirements

        with tempfile.TemporaryDirectory(prefix="pipl-lock-") as folder:
            requirements = Path(folder) / "requirements.txt"
            requirements.write_text(hashed_requirements(lock), encoding="utf-8")
            arguments = ["install", "--index-url", request.index_url, "--no-deps"]
            arguments += ["--require-hashes", "-r", str(requirements)]
            return self._run(arguments, request.python, request.variables)

    def _run(
        self, arguments: Sequence[str], python: Path, base: Mapping[str, str] | None = None
    ) -> str:
        command = [str(python), "-m", "pip", "--isolated", "--disable-pip-version-check"]
        return run_installer([*command, "--no-input", *arguments], base=base)


@contextlib.contextmanager
def _constrained(request: InstallRequest) -> Iterator[list[str]]:
    """Give the arguments by which uv and pip keep a request's constraints."""
    if not request.constraints:
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="pipl-constraints-") as folder:
        file = Path(folder) / "constraints.txt"
        file.write_text("\n".join(request.constraints) + "\n", encoding="utf-8")
        yield ["--constraint", str(file)]


def run_installer(
    command: Sequence[str],
    *,
    quiet: bool = False,
    base: Mapping[str, str] | None = None,
    further: Mapping[str, str] | None = None,
) -> str:
    """Run an installer's program with none of the user's own settings of indexes.

    Args:
        command: The command.
        quiet: Return only what it printed as its result.
        base: Its variables; those of this process where None.
        further: Further variables for it.

    Raises:
        InstallError: It failed; the context is what it said.
    """
    own = {name: value for name, value in os.environ.items() if name in _OWN_SETTINGS}
    foreign = ("UV_", "PIP_", "PIPL_", "VIRTUAL_ENV", "CONDA_", "PYTHONPATH", "PYTHONHOME")
    base = os.environ if base is None else base
    inherited = {k: v for k, v in base.items() if not k.startswith(foreign)} | own
    done = subprocess.run(
        list(command),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**inherited, "PIP_CONFIG_FILE": os.devnull, **(further or {})},
    )
    if done.returncode != 0:
        raise InstallError(
            "The packls could not be installed.",
            context=_explanation(done.stderr, done.stdout),
            hint=_hint(done.stderr, as_of_a_day=not _AS_OF.isdisjoint(command)),
        )
    return done.stdout if quiet else (done.stdout + done.stderr).strip()


@functools.cache
def _uv_cache(uv: str) -> str:
    command = [uv, "--no-config", "cache", "dir", "--color", "never"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _is_down(url: str) -> bool:
    """Tell whether nothing listens at an address of this machine, so that no retry will help.

    Whether an index elsewhere comes back is not ours to guess. What is installed already needs
    no index at all, so that this is no error by itself.
    """
    parts = urlsplit(url)
    if parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        return False
    try:
        with socket.create_connection((parts.hostname, parts.port or 80), timeout=1):
            return False
    except OSError:
        return True


_UVS_ADVICE = " Consider using `exclude-newer-package`"
"""The rest of this line is about options of uv's, which nobody can give here."""


def _explanation(errors: str, printed: str) -> str:
    # Of a conflict, pip prints the headline as an error, and what causes it as news.
    _, title, causes = printed.partition(_PIP_CAUSES)
    causes = f"{title}{causes.partition(_PIP_ADVICE)[0]}" if errors else ""
    lines = [line.partition(_UVS_ADVICE)[0] for line in (errors or printed).splitlines()]
    kept = "\n".join(line for line in lines if not line.startswith("Using Python")).strip()
    return "\n".join(filter(None, [kept, causes.strip()]))[-4000:]


_AS_OF = frozenset({"--exclude-newer", "--uploaded-prior-to"})


def _hint(text: str, *, as_of_a_day: bool) -> str:
    if "error sending request" in text or "Connection refused" in text or "connect error" in text:
        return (
            "Does the project's server run? `pipl proj status` tells; `pipl proj start` starts it."
        )
    if "No space left" in text:
        return "Make space on the disk, then do it again."
    if "--uploaded-prior-to" in text and "no such option" in text:
        return "Installing as of a day needs pip 26.0 or later, or the installer uv in pipl.toml."
    if as_of_a_day:
        return (
            "Only what had been released by then counts, and of third parties what its index gives "
            "an upload time. `--at` takes another day, and `--at now` the newest."
        )
    if "not found in the package registry" in text or "no versions of" in text:
        return (
            "Check name and version: only what has been released in the project can be installed, "
            "and what its third-party mirror reaches."
        )
    return PLAIN_HINT
