"""Check what no general tool knows: the shape that every distribution here has.

Run it as `python tools/check_repository.py [ROOT]`. It prints one line per problem and exits
with 1 if there is any. It needs the `packaging` library.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from distributions import ROOT, Distribution, MetadataError, find_distributions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LICENSE = "LGPL-3.0-or-later"
CLASSIFIERS = ("Development Status :: ", "Intended Audience :: ", "Topic :: ", "Typing :: Typed")
"""How the classifiers that each distribution needs begin. The license has a field of its own."""

NOT_OURS = frozenset({"dist", "demo", "__pycache__", "report.xml"})
"""Files and folders that are made here and never committed; see `.gitignore`."""

BIGGEST_TEXT = 1_000_000
MACHINE_PATH = re.compile(
    r"(?<![\w./-])(?:/home/|/Users/|[A-Z]:\\{1,2}Users\\{1,2})(?P<who>[\w-]+)[/\\]"
    r"|(?<![\w./-])/root/\."
)
INVENTED = frozenset({"alice", "bob", "artist", "me", "user", "username", "you", "name"})
"""Users whose home folders may appear in documentation and tests."""


def check(root: Path) -> list[str]:
    """Return every problem of the repository, one sentence each, in a fixed order."""
    distributions = find_distributions(root)
    names = frozenset(canonicalize_name(each.name) for each in distributions)
    problems: list[str] = []
    for distribution in distributions:
        where = distribution.folder.relative_to(root).as_posix()
        found = chain(
            check_layout(distribution),
            check_metadata(distribution),
            check_siblings(distribution, names),
        )
        problems.extend(f"{where}: {problem}" for problem in found)
    return [*problems, *check_layers(root, distributions), *check_machine_paths(root)]


def check_layout(distribution: Distribution) -> Iterator[str]:
    """Yield what a distribution's folder lacks. A meta-package needs no code and no tests."""
    folder = distribution.folder
    if folder.name != distribution.name:
        yield f"the folder is not named like its distribution, {distribution.name}"
    if not (folder / "README.md").is_file():
        yield "README.md is missing"
    if not (folder / "changes").is_dir():
        yield "the folder changes/ is missing"
    if not distribution.sources.is_dir():
        return
    if not (distribution.sources / distribution.import_name / "py.typed").is_file():
        yield f"src/{distribution.import_name}/py.typed is missing"
    if not any((folder / "tests").glob("**/test_*.py")):
        yield "tests/ has no test"


def check_metadata(distribution: Distribution) -> Iterator[str]:
    """Yield what is wrong in a distribution's `[project]` table."""
    project = distribution.project
    if not project.get("description"):
        yield "it has no description"
    if project.get("license") != LICENSE:
        yield f'license must be "{LICENSE}"'
    python = ">=3.9" if distribution.is_light else ">=3.11"
    if project.get("requires-python") != python:
        yield f'requires-python must be "{python}"'
    classifiers = project.get("classifiers", [])
    for beginning in CLASSIFIERS:
        if not any(classifier.startswith(beginning) for classifier in classifiers):
            yield f'no classifier begins with "{beginning}"'
    if any(classifier.startswith("License ::") for classifier in classifiers):
        yield "the license is given by its field, and never by a classifier"


def check_siblings(distribution: Distribution, names: frozenset[str]) -> Iterator[str]:
    """Yield the dependencies on siblings that are not a range.

    An exact pin would make it impossible to replace one of our distributions alone.
    """
    for text in _all_dependencies(distribution):
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            yield f"not a dependency: {text!r}"
            continue
        if canonicalize_name(requirement.name) not in names or _is_itself(distribution, text):
            continue
        operators = {specifier.operator for specifier in requirement.specifier}
        if not {">=", "<"} <= operators or operators & {"==", "==="}:
            yield f'a sibling needs a range like ">=0.1,<1": {text!r}'


def check_layers(root: Path, distributions: Sequence[Distribution]) -> Iterator[str]:
    """Yield the distributions whose imports nobody checks."""
    file = root / "pyproject.toml"
    if not file.is_file():
        yield "pyproject.toml is missing"
        return
    tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    known = tools.get("importlinter", {}).get("root_packages", [])
    for distribution in distributions:
        is_code = distribution.sources.is_dir() and not distribution.is_sample
        if is_code and distribution.import_name not in known:
            yield f"pyproject.toml: import-linter's contracts leave out {distribution.import_name}"


def check_machine_paths(root: Path) -> Iterator[str]:
    """Yield the lines that name a path which exists on somebody's machine only."""
    own = str(root.resolve())
    for file in _text_files(root):
        for number, line in enumerate(_read(file).splitlines(), start=1):
            found = MACHINE_PATH.search(line)
            if own in line or (found and (found["who"] or "").lower() not in INVENTED):
                where = file.relative_to(root).as_posix()
                yield f"{where}:{number}: names a path of one machine"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the problems of a repository, this one by default."""
    arguments = sys.argv[1:] if argv is None else argv
    root = Path(arguments[0]) if arguments else ROOT
    try:
        problems = check(root)
    except MetadataError as error:
        problems = [str(error)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{len(find_distributions(root))} distributions, no problem")
    return int(bool(problems))


def _all_dependencies(distribution: Distribution) -> Iterator[str]:
    yield from distribution.project.get("dependencies", [])
    for extra in distribution.project.get("optional-dependencies", {}).values():
        yield from extra


def _is_itself(distribution: Distribution, text: str) -> bool:
    """Tell an extra that gathers others (`pipl-core[server]` in pipl-core) from a dependency."""
    return canonicalize_name(Requirement(text).name) == canonicalize_name(distribution.name)


def _text_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if name not in NOT_OURS and (not name.startswith(".") or name == ".ci")
        )
        for name in sorted(set(names) - NOT_OURS):
            file = Path(folder, name)
            if file.is_file() and file.stat().st_size <= BIGGEST_TEXT:
                yield file


def _read(file: Path) -> str:
    """Return a file's text, or nothing if it is not text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
