"""What pipl calls after it installed something: `python -m pipl_envset write FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipl_hooks import PiplError

from . import make_environment
from ._scripts import write_scripts


def main() -> int:
    """Write the scripts of this environment."""
    parser = argparse.ArgumentParser(prog="python -m pipl_envset", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("write", help="write the scripts").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    try:
        write_scripts(make_environment({}), arguments.folder)
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  this is a program
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
