"""The command `pipl show play`."""

from __future__ import annotations

from pathlib import Path

import click

from pipl_cli import console
from pipl_cli.options import command, path_option, project_of


@command("play", "pipl show play contact-sheet.png")
@click.argument("contact_sheet", type=click.Path(dir_okay=False, path_type=Path))
@path_option()
def play_command(contact_sheet: Path, path: Path) -> None:
    """Play the sample show: make, build, publish and release all of its tasks.

    What has been released already is left as it is, so it can be called again after a mishap.
    """
    from .play import play

    with console.working("Playing the sample show") as progress:
        products = play(project_of(path), contact_sheet.absolute(), progress)
    for product in products:
        console.data(product)
