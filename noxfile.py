"""How this repository is built, tested and checked: `nox -s tests`, `nox -l` for the rest.

Whatever is tested or checked is an installed wheel; sources are never on the path. Each
session's environment is kept, so a second run is fast.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this is what says so
    sys.exit("pipl is built and tested with Python 3.11 or later; run nox with such a Python.")

import nox

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))

from distributions import Distribution, find_distributions

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests", "lint", "types", "imports", "docs"]

DIST = ROOT / "dist"
LIGHT_PYTHONS = ["3.9", "3.10", "3.11", "3.12", "3.13"]
HATCHLING = "hatchling>=1.27"
PACKAGING = "packaging>=24"
PYTEST = ("pytest>=8", "pytest-xdist>=3.6", "hypothesis>=6")
# Their rules grow with each release, so what they may be is bounded.
RUFF = "ruff>=0.17,<0.18"
MYPY = ("mypy>=2.4,<3", "types-psutil")
IMPORT_LINTER = ("import-linter>=2.16,<3", "tomli-w>=1")
TOWNCRIER = "towncrier>=25"


@nox.session
def build(session: nox.Session) -> None:
    """Build a wheel of every distribution into dist/."""
    _install(session, HATCHLING)
    session.run("python", "tools/build_wheels.py", str(DIST))


@nox.session(requires=["build"])
def tests(session: nox.Session) -> None:
    """Run the tests on the built wheels; `-- packages/NAME` or any pytest argument."""
    _install_wheels(session, find_distributions(ROOT), *PYTEST, HATCHLING, PACKAGING, "tomli-w>=1")
    _pytest(session, ["packages", "tools/tests"], workers=2)


@nox.session(name="tests-light", python=LIGHT_PYTHONS, requires=["build"], default=False)
def tests_light(session: nox.Session) -> None:
    """Test what artists' environments get, on one of the Pythons found there."""
    light = [found for found in find_distributions(ROOT) if _is_light(found)]
    if not light:
        session.skip("none of the light distributions is here")
    _install_wheels(session, light, "pytest", "hypothesis")
    paths = [f"{found.folder.relative_to(ROOT).as_posix()}/tests" for found in light]
    _pytest(session, paths, "-m", "not needs_tools")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style with ruff, and the shape of the distributions; `-- --fix` repairs style."""
    _install(session, RUFF, PACKAGING)
    fix = session.posargs == ["--fix"]
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")
    session.run("python", "tools/check_repository.py")


@nox.session(requires=["build"])
def types(session: nox.Session) -> None:
    """Check all types with mypy."""
    distributions = find_distributions(ROOT)
    _install_wheels(session, distributions, *MYPY, HATCHLING, PACKAGING, "nox", "tomli-w>=1")
    sources = [str(found.sources) for found in distributions if found.sources.is_dir()]
    path = os.pathsep.join([*sources, str(ROOT / "tools")])
    tools = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "tools").glob("*.py"))
    scripts = [*tools, "tools/new-packl", "noxfile.py"]
    session.run("mypy", *session.posargs, *sources, *scripts, env={"MYPYPATH": path})


@nox.session(requires=["build"])
def imports(session: nox.Session) -> None:
    """Check that imports follow the architecture."""
    _install_wheels(session, find_distributions(ROOT), *IMPORT_LINTER)
    session.run("python", "tools/check_imports.py")


@nox.session(requires=["build"])
def docs(session: nox.Session) -> None:
    """Check the generated reference in docs/reference/; `-- --write` writes it again."""
    _install_wheels(session, find_distributions(ROOT))
    check = [] if "--write" in session.posargs else ["--check"]
    session.run("python", "tools/build_docs.py", *check)


@nox.session(default=False)
def bootstrap(session: nox.Session) -> None:
    """Make a project with pipl's own packls in it, to try things; `-- PATH`."""
    _install(session, HATCHLING, "rich>=13")
    session.run("python", "tools/bootstrap.py", *session.posargs)


@nox.session(default=False)
def changelog(session: nox.Session) -> None:
    """Write a distribution's changelog from its fragments; `-- NAME [--draft]`."""
    names = {found.name: found for found in find_distributions(ROOT)}
    if not session.posargs or session.posargs[0] not in names:
        session.error(f"name one of: {', '.join(names)}")
    name, *options = session.posargs
    _install(session, TOWNCRIER)
    chosen = names[name]
    config = ["--config", "pyproject.toml", "--dir", str(chosen.folder)]
    what = ["--name", name, "--version", chosen.project["version"]]
    session.run("towncrier", "build", *config, *what, *options)


def _install(session: nox.Session, *requirements: str) -> None:
    """Install into the session's environment with uv, which comes there first by pip.

    Like pip, uv is to trust the certificates of this machine: many a studio has its own.
    """
    if not shutil.which("uv", path=session.bin):
        session.run_install("python", "-m", "pip", "install", "--quiet", "uv", silent=True)
    python = shutil.which("python", path=session.bin) or "python"
    command = ["uv", "pip", "install", "--quiet", "--python", python, *requirements]
    session.run_install(*command, env={"UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1")})


def _install_wheels(
    session: nox.Session, distributions: list[Distribution], *requirements: str
) -> None:
    """Install built wheels, each with its extra `test` if it has one, and what else is needed.

    A wheel keeps its version while its code changes, so ours are always installed again.
    """
    from build_wheels import read_record

    record = read_record(DIST)
    arguments: list[str] = []
    for found in distributions:
        if found.name not in record:
            session.error(f"{found.name} has no wheel in dist/; see the output of `nox -s build`")
        extra = "[test]" if found.has_extra("test") else ""
        arguments += ["--reinstall-package", found.name]
        arguments.append(f"{DIST / record[found.name]['wheel']}{extra}")
    _install(session, *arguments, *requirements)


def _pytest(session: nox.Session, paths: list[str], *options: str, workers: int = 0) -> None:
    """Run pytest on some paths, or on those among the session's arguments."""
    chosen = any(Path(argument.split("::")[0]).exists() for argument in session.posargs)
    if workers and not any(argument.startswith("-n") for argument in session.posargs):
        options = ("-n", str(workers), "--dist", "loadgroup", *options)
    environment: dict[str, str | None] = {
        name: None for name in os.environ if name.startswith("PIPL_")
    }
    environment["PYTHONPATH"] = None
    environment["PIPL_WHEELS"] = str(DIST)
    arguments = [*options, *session.posargs, *([] if chosen else paths)]
    session.run("pytest", *arguments, env=environment)


def _is_light(found: Distribution) -> bool:
    """Tell the framework of artists' environments; samples may need tools of their own."""
    return found.is_light and not found.is_sample and (found.folder / "tests").is_dir()
