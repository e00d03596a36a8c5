"""`pipl plugins`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import console
from ..options import command, existing, json_option, path_option

if TYPE_CHECKING:
    from pipl_core import Workspace
    from pipl_core.plugins import PluginReport
    from pipl_hooks import PluginFailure
    from pipl_hooks.listing import HookListing

ASKED_IN = {"pipl": ("tools", "handlers"), "workspace": ("pipeline",)}
"""Hooks that are called in an environment, by its place; see `pipl_hooks.specs`."""


@command("plugins", "pipl plugins\npipl plugins --hook pipl_asset_base_name")
@click.option("--hook", metavar="NAME", help="Only this hook, and what it is for.")
@json_option
@path_option("workspace")
def plugins(hook: str | None, as_json: bool, path: Path) -> None:
    """Show which packl answers which hook, in the order in which they are asked.

    First those in pipl's own environment, then, inside a workspace, those in the workspace, each
    with the plugins that did not load. Where the first answer wins, "wins" stands at the one
    that is asked first, and "fallback" at those that are asked when it has no answer.
    """
    from pipl_core.plugins import tool_report, workspace_report

    workspace = _workspace_at(existing(path))
    reports = [tool_report()] + ([workspace_report(workspace)] if workspace else [])
    if hook is not None:
        _check(hook, reports[0].hooks)
    if as_json:
        tool, *others = [_plain(report, hook) for report in reports]
        console.json_data({**tool, "workspace": others[0] if others else None})
        return
    for number, report in enumerate(reports):
        if number:
            console.data("")
        _show(report, hook)


def _workspace_at(start: Path) -> Workspace | None:
    from pipl_core import Workspace
    from pipl_core.workspace import WORKSPACE_FILE

    folders = (start.absolute(), *start.absolute().parents)
    inside = any((folder / WORKSPACE_FILE).is_file() for folder in folders)
    return Workspace.find(start) if inside else None


def _check(hook: str, listings: Sequence[HookListing]) -> None:
    import difflib

    from pipl_core import NotFoundError

    names = [each.name for each in listings]
    if hook not in names:
        near = difflib.get_close_matches(hook, names, 1)
        hint = f"Did you mean {near[0]}?" if near else "`pipl plugins` lists all of them."
        msg = f"There is no hook {hook!r}."
        raise NotFoundError(msg, hint=hint)


def _plain(report: PluginReport, hook: str | None) -> dict[str, Any]:
    shown = [each for each in report.hooks if hook in {None, each.name}]
    return {
        "folder": report.folder,
        "hooks": {each.name: [asdict(answer) for answer in each.answers] for each in shown},
        "failures": report.failures,
    }


def _show(report: PluginReport, hook: str | None) -> None:
    where = "pipl's own environment" if report.place == "pipl" else "the workspace"
    console.data(f"In {where}, {report.folder}:")
    rows: list[tuple[str, str, str, str, str]] = []
    for listing in report.hooks:
        asked_here = listing.place in ASKED_IN[report.place]
        if hook == listing.name:
            console.data(f"{listing.name}: {listing.summary}")
        # What is asked elsewhere is of interest where somebody answers it here.
        if hook in {None, listing.name} and (asked_here or listing.answers):
            rows += _rows(listing, asked_here)
    console.table(("HOOK", "ASKED", "PACKL", "PLUGIN", "ROLE"), rows, "Nobody answers it here.")
    for failure in report.failures:
        _show_failure(failure)


def _rows(listing: HookListing, asked_here: bool) -> list[tuple[str, str, str, str, str]]:
    if not listing.answers:
        return [(listing.name, "-", "-", "-", "-")]
    rows = []
    for number, answer in enumerate(listing.answers, start=1):
        notes = [answer.role if asked_here else "not asked here"]
        notes += ["pipl's own"] if answer.own else []
        packl = f"{answer.packl} {answer.version}".rstrip()
        rows.append((listing.name, str(number), packl, answer.plugin, ", ".join(notes)))
    return rows


def _show_failure(failure: PluginFailure) -> None:
    source = failure.source
    named = f"{source.name} of {source} ({source.module})".replace(" ()", "")
    console.line(("failed: ", "red"), f"{named}: {failure.reason}")
