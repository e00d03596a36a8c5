"""Write the reference in `docs/reference/`: hooks from their specifications, commands from click.

Run it as `python tools/build_docs.py [--check]`, with all distributions installed. With `--check`
it writes nothing, and prints one line per difference. Either way it prints one line per hook or
command whose documentation lacks something. Exit status: 0 when all is well, 1 when not.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from distributions import ROOT
from docs_commands import command_problems, commands_page
from docs_hooks import hook_problems, hooks_page
from pipl_hooks import PiplError, specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REFERENCE = ROOT / "docs" / "reference"
EXAMPLES = ROOT / "docs" / "examples" / "hooks"


def main() -> int:
    """Write the pages, or compare them with what is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, print differences")
    check = parser.parse_args().check
    try:
        pages, problems = build()
    except PiplError as error:  # a command that cannot be imported
        print(error)
        return 1
    if check:
        problems += differences(pages, REFERENCE)
    else:
        write(pages, REFERENCE)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def build() -> tuple[dict[str, str], list[str]]:
    """Return the pages by the names of their files, and what their sources lack."""
    from pipl_cli._application import application

    root = application()
    pages = {"hooks.md": hooks_page(specs.ALL, EXAMPLES), "commands.md": commands_page(root)}
    return pages, [*hook_problems(specs.ALL, EXAMPLES), *command_problems(root)]


def differences(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return one line for each line in which the pages of a folder are not what they should be."""
    return [line for name, text in pages.items() for line in _differences(name, text, folder)]


def write(pages: Mapping[str, str], folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _differences(name: str, text: str, folder: Path) -> Iterator[str]:
    file = folder / name
    shown = f"docs/reference/{name}"
    if not file.is_file():
        yield f"{shown}: is missing; write it with: nox -s docs -- --write"
        return
    lines = file.read_text(encoding="utf-8").splitlines(), text.splitlines()
    for line in islice(difflib.unified_diff(*lines, lineterm="", n=0), 2, None):
        if line[0] in "+-":
            yield f"{shown}: {'should have' if line[0] == '+' else 'should not have'}: {line[1:]}"


if __name__ == "__main__":
    sys.exit(main())
