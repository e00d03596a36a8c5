"""Measures the index's pages for installers, with pipl's pages and with devpi's own.

Requests a second, as clients see them, and milliseconds of the server's processor for each, which
say more on a machine that others use, too.

Both are measured in turn, in one run and from one server's folder, so quote the ratio. A server
gets devpi's own pages by a `sitecustomize` module, which keeps pipl's plugin from extending them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psutil
import requests

from pipl_core import Project, set_up
from pipl_core.building import build_wheel
from pipl_core.index import SIMPLE_TYPE
from pipl_testing import PacklMaker, isolated_home, new_running_project

NAME = "bench_rig"
"""Begin of the names of packls, which end in how many releases each has."""

HEADERS = {"Accept": SIMPLE_TYPE, "User-Agent": "uv/0.13"}
DEVPIS_PAGES = """
import pipl_server._devpi_pages
pipl_server._devpi_pages.extend_pages = lambda: None
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, nargs="*", default=[1, 50])
    parser.add_argument("--requests", type=int, default=200, help="in each round")
    parser.add_argument("--rounds", type=int, default=5, help="of each server, in turn")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with isolated_home(folder / "home"):
            _measure(folder, arguments.releases, arguments.requests, arguments.rounds)


def _measure(folder: Path, releases: list[int], count: int, rounds: int) -> None:
    project = new_running_project(folder)
    try:
        set_up(project, "artist", lambda _: None)
        for number in releases:
            _release(project, f"{NAME}_{number}", number, folder / "wheels")
        found: dict[tuple[bool, int, int], list[tuple[float, float]]] = {}
        for _ in range(rounds):
            for stock in (True, False):
                _restart(project, f"{NAME}_{releases[0]}", folder, stock=stock)
                for number in releases:
                    for clients in (1, 4):
                        measured = _ask(project, f"{NAME}_{number}", clients, count)
                        found.setdefault((stock, number, clients), []).append(measured)
    finally:
        project.server.stop()
    head = ("releases", "clients", "devpi 1/s", "pipl 1/s", "ratio", "devpi ms", "pipl ms", "ratio")
    print(" ".join(f"{word:>9}" for word in head))
    for number in releases:
        for clients in (1, 4):
            stock, ours = (
                [
                    statistics.median(column)
                    for column in zip(*found[kind, number, clients], strict=True)
                ]
                for kind in (True, False)
            )
            row = f"{number:>9} {clients:>9} {stock[0]:>9.0f} {ours[0]:>9.0f}"
            row += f" {ours[0] / stock[0]:>9.2f} {stock[1]:>9.3f} {ours[1]:>9.3f}"
            print(f"{row} {ours[1] / stock[1]:>9.2f}")


def _release(project: Project, name: str, count: int, folder: Path) -> None:
    """Upload releases of a packl to `root/PROJ`."""
    with closing(project.client("ci")) as client:
        for number in range(count):
            packl = PacklMaker()(folder / f"{name}-{number}", name, version=f"1.{number}")
            wheel = build_wheel(packl.folder, folder / "dist")
            client.upload("root/PROJ", wheel.path, wheel.metadata)


def _restart(project: Project, name: str, folder: Path, *, stock: bool) -> None:
    """Start the server again, with devpi's pages or with pipl's."""
    project.server.stop()
    patch = folder / "patch"
    patch.mkdir(exist_ok=True)
    (patch / "sitecustomize.py").write_text(DEVPIS_PAGES if stock else "", encoding="utf-8")
    os.environ["PYTHONPATH"] = str(patch)
    project.server.start_detached(handlers=False)
    page = requests.get(_address(project, name), headers=HEADERS, timeout=60).text
    if ("upload-time" in page) is stock:
        msg = "The wrong pages are measured."
        raise SystemExit(msg)


def _ask(project: Project, name: str, clients: int, count: int) -> tuple[float, float]:
    """Let some clients ask for a page again and again.

    Returns:
        Pages a second, and milliseconds of the server's processor for each.
    """
    address = _address(project, name)

    def ask(_: int) -> None:
        with requests.Session() as session:
            for _ in range(count // clients):
                session.get(address, headers=HEADERS, timeout=60).raise_for_status()

    ask(0)  # what is in no cache yet
    server = psutil.Process(project.server.status().pid)
    with ThreadPoolExecutor(clients) as pool:
        begun, before = time.perf_counter(), sum(server.cpu_times()[:2])
        list(pool.map(ask, range(clients)))
        seconds, used = time.perf_counter() - begun, sum(server.cpu_times()[:2]) - before
    return count / seconds, 1000 * used / count


def _address(project: Project, name: str) -> str:
    return f"{project.install_url}{name.replace('_', '-')}/"


if __name__ == "__main__":
    main()
