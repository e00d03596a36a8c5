"""The command `pipl show play`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("play")
@click.argument("contact_sheet", type=click.Path(dir_okay=False, path_type=Path))
@click.option("-p", "--path", default=".", help="Folder from which the project is found.")
def play_command(contact_sheet: Path, path: str) -> None:
    """Play the sample show: make, build, publish and release all of its tasks.

    What has been released already is left as it is, so it can be called again after a mishap.

    Example: pipl show play contact-sheet.png
    """
    from pipl_core import Project

    from .play import play

    products = play(Project.find(path), contact_sheet.absolute(), lambda m: click.echo(m, err=True))
    for product in products:
        click.echo(product)
