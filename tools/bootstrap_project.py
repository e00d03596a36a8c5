"""The part of the bootstrap that runs in the tool environment, on what is installed there.

Called by `bootstrap.py`, never by hand: `python bootstrap_project.py FOLDER [STEP=SECONDS...]`.
"""

from __future__ import annotations

import getpass
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_core import Project, Workspace, set_up
from pipl_core.credentials import KeptPasswords, Logins
from pipl_core.setup import CI_USER
from pipl_core.wheelhouse import publish_wheels
from pipl_hooks import PiplError
from sample_show.play import play

if TYPE_CHECKING:
    from collections.abc import Iterator

PIPELINE = ("pipl-pipe", "pipl-assetstore", "pipl-envset", "sample-pipeline")
"""What every workspace of the production gets."""

PLAYGROUND = "playground"
CONTACT_SHEET = "contact-sheet.png"


class Clock:
    """Says what is going on, and where the time went."""

    def __init__(self, before: list[str]) -> None:
        self.steps = [(name, float(spent)) for name, _, spent in (b.partition("=") for b in before)]

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[None]:
        """Time a step."""
        print(f"==> {title}", flush=True)
        begun = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - begun))

    def report(self) -> str:
        """Return where the time went."""
        parts = ", ".join(f"{name} {spent:.1f} s" for name, spent in self.steps)
        return f"{sum(spent for _, spent in self.steps):.1f} s: {parts}"


def main() -> int:
    """Stand the production up, or go on with it."""
    folder, before = Path(sys.argv[1]), sys.argv[2:]
    clock = Clock(before)
    try:
        project = stand_up(folder, clock)
    except PiplError as error:
        print(f"\n{_indented(error)}", file=sys.stderr)
        print("\nThen simply run it again; it goes on from what stands.", file=sys.stderr)
        return 1
    print(_report(folder, project, clock), flush=True)
    return 0


def stand_up(folder: Path, clock: Clock) -> Project:
    """Make project, server, users, packls, a workspace, and the sample show.

    Raises:
        PiplError: A step could not be done; what stands stays.
    """
    place = folder / "project"
    with clock.step("project", "The project"):
        if (place / "pipl.toml").exists():
            project = Project(place)
        else:
            project = Project.create(place, name="SampleShow", pipeline=PIPELINE)
        _say(str(project.folder))
    with clock.step("server", "The server (its key is derived slowly on purpose)"):
        project.server.start_detached()
        _say(f"It serves at {project.address}")
    with clock.step("setup", "Users, indexes and stages"):
        set_up(project, _artist(), _say)
    with clock.step("publish", "pipl's own packls, into root/PROJ"):
        wheels = sorted((folder / "wheels").glob("*.whl"))
        published = publish_wheels(project, wheels, CI_USER, _say)
        for kept in published.kept:
            _say(f"{kept} stays as it was released; bump its version to publish what you changed")
    with clock.step("workspace", "A workspace to play in"):
        if not (project.workarea / PLAYGROUND).exists():
            Workspace.create(project, PLAYGROUND, progress=_say)
    with clock.step("show", "The sample show, from its edit to released Products"):
        play(project, folder / CONTACT_SHEET, _say)
    return project


def _artist() -> str:
    user = getpass.getuser()
    return "artist" if user == "root" else user


def _user(project: Project) -> str:
    login = Logins().get(project.address)
    return f"logged in as {login[0]}" if login else "not logged in"


def _say(message: str) -> None:
    print(f"    {message}", flush=True)


def _indented(error: PiplError) -> str:
    return str(error).replace("\n", "\n  ")


def _report(folder: Path, project: Project, clock: Clock) -> str:
    passwords = KeptPasswords(project)
    return f"""
A production stands in {folder}
  project       {project.folder}
  server        {project.address}   (runs in the background, with its handlers)
  contact sheet {folder / CONTACT_SHEET}
  passwords     {passwords.path("root").parent}   (only you can read them; you are {_user(project)})
  tool          {folder / "tool"}

What to type next
  . {folder / "activate"}             # `pipl` is there, and this is the current project
  pipl proj status                   # and `pipl ci status`, `pipl work list`, `pipl proj index list`
  cd {project.workarea / PLAYGROUND}
  pipl packl create my_first_packl   # then read docs/tutorial.md

  pipl proj stop                     # stops the server
  pipl proj start --detach           # starts it again
  pipl proj stop && rm -r {folder}   # throws everything away

Time: {clock.report()}"""


if __name__ == "__main__":
    sys.exit(main())
