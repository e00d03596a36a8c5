"""What pipl calls: `python -m pipl_envset write FOLDER`, and `… export FORMAT`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipl_hooks import Environment, PiplError

from ._environment import resolve
from ._envset import installed_envsets
from ._scripts import environment_format, write_scripts


def main() -> int:
    """Write the scripts of this environment, or one for whoever asks."""
    parser = argparse.ArgumentParser(prog="python -m pipl_envset", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("write", help="write the scripts of activation")
    verb.add_argument("folder", type=Path)
    verb = verbs.add_parser("export", help="print the environment that is read, as env.json")
    verb.add_argument("format")
    arguments = parser.parse_args()
    try:
        if arguments.verb == "write":
            write_scripts(resolve(installed_envsets(), arguments.folder), arguments.folder)
        else:
            _export(arguments.format)
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  this is a program
        return 1
    return 0


def _export(name: str) -> None:
    environment = Environment.from_text(sys.stdin.buffer.read().decode("utf-8"))
    script = environment_format(name).script(environment)
    sys.stdout.buffer.write(script.encode("utf-8", "surrogateescape"))


if __name__ == "__main__":
    sys.exit(main())
