"""`pipl packl publish`, also called `upload`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import command, json_option, packl_of, path_option, shadow_option

if TYPE_CHECKING:
    from pipl_core import Project, Publication, PublishPlan


@command("publish", "pipl packl publish --wait\npipl packl upload shot_010_anim -i root/PROJ")
@click.argument("name", required=False)
@click.option("-i", "--index", help="Index to upload to; the first stage's where not given.")
@click.option("--wait", is_flag=True, help="Follow it through the stages to its end.")
@click.option("--dry-run", is_flag=True, help="Check, and say what would be done.")
@shadow_option
@json_option
@path_option("packl or workspace")
def publish(
    name: str | None,
    index: str | None,
    wait: bool,
    dry_run: bool,
    shadow: bool,
    as_json: bool,
    path: Path,
) -> None:
    """Check a packl, store its Assets, build its wheel and upload it.

    Publishing the same content again changes nothing; other content under a released version is
    refused. With --wait the exit status is 1 when a handler fails.
    """
    from pipl_core import plan_publish

    packl, workspace = packl_of(path, name, to_change=not dry_run)
    plan = plan_publish(packl, workspace, index, shadow=shadow)
    for warning in plan.warnings:
        console.warn(warning)
    if dry_run:
        _show_plan(plan, as_json)
        return
    with console.working(f"Publishing {packl.name} {packl.version}") as progress:
        since = datetime.now(UTC).isoformat(timespec="milliseconds")
        publication = plan.execute(progress)
    if not as_json:
        console.message(
            f"Published {publication.name} {publication.version} to {publication.index}."
        )
    shown = {**vars(publication)}
    if wait:
        shown["run"] = _follow(workspace.project, publication, since)
        if shown["run"] is not None:
            released = workspace.project.config.stages[-1].index
            shown["url"] = publication.url.replace(f"/{publication.index}/", f"/{released}/")
    if as_json:
        console.json_data(shown)
    else:
        console.data(shown["url"])


def _show_plan(plan: PublishPlan, as_json: bool) -> None:
    packl = plan.packl
    if as_json:
        console.json_data(
            {
                "name": packl.name,
                "version": packl.version,
                "index": plan.index,
                "steps": plan.steps,
                "problems": plan.problems,
            }
        )
    else:
        console.data(f"{packl.name} {packl.version} to {plan.index}")
        for step in plan.steps:
            console.data(f"  would {step}")
        for problem in plan.problems:
            console.line(("problem: ", "red"), problem.message)
            if problem.hint:
                console.line(("hint: ", "cyan"), problem.hint)
    if plan.problems:
        click.get_current_context().exit(1)


def _follow(project: Project, publication: Publication, since: str) -> object:
    from pipl_ci import follow
    from pipl_core import CoreError

    if not any(s.index == publication.index and s.handler for s in project.config.stages):
        console.message(f"Nothing follows in {publication.index}: it is no stage with a handler.")
        return None

    what = f"{publication.name} {publication.version}"
    with console.working(f"Following {what}") as progress:
        run = follow(
            project,
            publication.name,
            publication.version,
            progress,
            digest=publication.digest,
            since=since,
        )
    if run.state != "passed":
        msg = f"{what} did not pass {run.handler} in the stage {run.stage}."
        hint = f"The whole log: `pipl ci logs {run.id}`, or {run.log}"
        raise CoreError(msg, context=run.summary, hint=hint)
    made = f", with {', '.join(run.products)}" if run.products else ""
    console.message(f"Released {what}{made}.")
    return run
