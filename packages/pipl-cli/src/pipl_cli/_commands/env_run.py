"""`pipl env run`: a command in an environment that is made for it."""

from __future__ import annotations

from pathlib import Path

import click

from .._requested import requested, requested_at_option
from ..options import command, path_option

_AFTER = "pipl_cli.env_run.after"


class _SplitAtDashes(click.Command):
    """A command that takes what comes after `--` as it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the part after the dashes away before anything else is parsed."""
        before, after = args, []
        if "--" in args:
            place = args.index("--")
            before, after = args[:place], args[place + 1 :]
        ctx.meta[_AFTER] = after
        rest = super().parse_args(ctx, before)
        if not after and not ctx.resilient_parsing:
            msg = "Name the command to run behind two dashes: -- CMD..."
            raise click.UsageError(msg, ctx)
        return rest


@command(
    "run",
    "pipl env run blender-env -- blender --background\n"
    'pipl env run maya-env "houdini-env>=20" -- hython check.py\n'
    "pipl env run maya-env --at 2026-03-01 -- mayapy check.py\n"
    "pipl env run -- env",
    cls=_SplitAtDashes,
)
@click.argument("requirements", nargs=-1, metavar="[REQUIREMENT]... -- CMD...")
@click.option("--python", help="A version such as 3.11, or a path; that of pipl where not given.")
@click.option("--upgrade", is_flag=True, help="Look for newer third-party packages, too.")
@requested_at_option
@path_option("project or workspace")
def run(
    requirements: tuple[str, ...], python: str | None, upgrade: bool, at: str | None, path: Path
) -> None:
    """Run a command in an environment with the project's pipeline and what is required.

    It needs no workspace, is made when it is first asked for, and kept for the next time: then
    the command starts at once, unless something was released in the meantime. Without
    requirements, the command runs in the workspace. Its exit status is ours.
    """
    from .._programs import run as run_program

    context = click.get_current_context()
    words: list[str] = context.meta[_AFTER]
    if Path(words[0]).name != words[0]:
        words = [str(Path(words[0]).absolute()), *words[1:]]
    environment, where = requested(requirements, path, python=python, upgrade=upgrade, at=at)
    arguments, variables = environment.launch(words, where)
    context.exit(run_program(arguments, variables))
