"""How the tool side asks a workspace: `python -m pipl_pipe --answer FILE VERB …`.

The answer is JSON in a file, since packls may print whatever they like. On an error that pipl
knows, the file holds it (`{"error": {"message", "context", "hint"}}`) and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Callable

from pipl_hooks import PiplError

from . import _plugin_verbs, _programs, _verbs


def main() -> int:
    """Answer one question."""
    parser = argparse.ArgumentParser(prog="python -m pipl_pipe", description=__doc__)
    parser.add_argument("--answer", type=Path, required=True, help="file for the answer, as JSON")
    verbs = parser.add_subparsers(dest="verb", required=True)

    describe = verbs.add_parser("describe", help="what a task or product type needs")
    describe.add_argument("kind", choices=["task", "product"])
    describe.add_argument("type")
    commands = verbs.add_parser("commands", help="commands of this environment's task")
    programs = verbs.add_parser("programs", help="programs that call commands of the one task")
    assets = verbs.add_parser("assets", help="Assets of all packls of this environment")
    save = verbs.add_parser("save", help="store the edited Assets of a packl")
    save.add_argument("packl")
    save.add_argument("revision")
    export = verbs.add_parser("export", help="write the Products of this environment's task")
    export.add_argument("folder", type=Path)
    keep = verbs.add_parser("keep", help="store the Assets that an export wrote")
    keep.add_argument("export", type=Path)
    keep.add_argument("revision")
    reveal = verbs.add_parser("reveal", help="make Assets that were kept readable at their places")
    reveal.add_argument("kept", type=Path)
    reveal.add_argument("task")
    pull = verbs.add_parser("pull", help="bring Assets beside the workspace")
    pull.add_argument("packls", nargs="*")
    give_back = verbs.add_parser("give-back", help="bring what was saved offline to the project")
    verify = verbs.add_parser("verify", help="read all bytes of a packl's Assets")
    verify.add_argument("packl")

    hooks = verbs.add_parser("hooks", help="who answers which hook")
    config = verbs.add_parser("config", help="the layers of a config, or of all")
    config.add_argument("name", nargs="?")

    answers: dict[argparse.ArgumentParser, Callable[..., Any]] = {
        describe: _verbs.describe,
        commands: _verbs.commands,
        programs: _programs.programs,
        assets: _verbs.assets,
        save: _verbs.save,
        export: _verbs.export,
        keep: _verbs.keep,
        reveal: _verbs.reveal,
        pull: _verbs.pull,
        give_back: _verbs.give_back,
        verify: _verbs.verify,
        hooks: _plugin_verbs.hooks,
        config: _plugin_verbs.config,
    }
    for verb, function in answers.items():
        verb.set_defaults(function=function)
    arguments = vars(parser.parse_args())
    function, answer = arguments.pop("function"), arguments.pop("answer")
    arguments.pop("verb")
    try:
        result, status = function(**arguments), 0
    except PiplError as error:
        shown = {"message": error.message, "context": error.context, "hint": error.hint}
        result, status = {"error": shown}, 1
    answer.write_text(json.dumps(result), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
