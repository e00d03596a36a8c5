"""`pipl packl yank`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from ..options import command, json_option, path_option, project_of


@command(
    "yank",
    'pipl packl yank char_hero_rig==2.1 "the neck is broken"\n'
    "pipl packl yank char_hero_rig==2.1 --undo",
)
@click.argument("release", metavar="NAME==VERSION")
@click.argument("reason", default="")
@click.option("--undo", is_flag=True, help="Take the yank back.")
@json_option
@path_option()
def yank(release: str, reason: str, undo: bool, as_json: bool, path: Path) -> None:
    """Withdraw a release, without deleting it.

    Nobody gets it any more by a name or a range of versions; who names exactly this version, as
    locks do, still gets it, and is told the REASON. It takes somebody who may upload to
    root/PROJ; the project's owner acts as root.
    """
    from pipl_core import yanking

    name, equals, version = (part.strip() for part in release.partition("=="))
    if not (name and equals and version):
        msg = f"{release!r} is not NAME==VERSION."
        raise click.BadParameter(msg, param_hint="'NAME==VERSION'")
    if undo == bool(reason.strip()):
        msg = "--undo takes no REASON." if undo else "Say why: a REASON in one line."
        raise click.UsageError(msg)
    project = project_of(path)
    if undo:
        done = yanking.unyank(project, name, version)
        states = ("{} was not yanked.", "Took the yank of {} back, as {}.")
    else:
        done = yanking.yank(project, name, version, reason)
        states = ("{} was yanked for that reason already.", "Yanked {}, as {}.")
    if as_json:
        console.json_data(done)
    else:
        console.message(states[done.changed].format(f"{done.name} {done.version}", done.user))
