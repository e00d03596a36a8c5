"""`pipl plugins`."""

from __future__ import annotations

from .. import console
from ..options import command, json_option


@command("plugins", "pipl plugins --json")
@json_option
def plugins(as_json: bool) -> None:
    """Show which packl answers which hook, in the order in which they are asked.

    Hooks of a workspace's pipeline are answered by what is installed there, and listed here only
    as far as something in pipl's own environment answers them.
    """
    from pipl_core.plugins import hook_answers
    from pipl_core.plugins import plugins as loaded

    answers, failures = hook_answers(), loaded().failures
    if as_json:
        console.json_data({"hooks": answers, "failures": failures})
        return
    rows = [
        (hook, str(place), f"{answer.packl} {answer.version}", answer.plugin)
        for hook, found in answers.items()
        for place, answer in enumerate(found, start=1)
    ]
    rows += [(hook, "-", "-", "-") for hook, found in answers.items() if not found]
    console.table(("HOOK", "ASKED", "PACKL", "PLUGIN"), sorted(rows))
    for failure in failures:
        source = failure.source
        console.line(
            ("failed: ", "red"),
            f"{source.name} of {source.packl} {source.version} ({source.module}): {failure.reason}",
        )
