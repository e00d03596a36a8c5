"""The page for people who know rez: its examples run as they stand there, and no row lacks one."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit
from packaging import tags
from packaging.requirements import Requirement

from pipl_core import Project, Workspace
from pipl_core.credentials import KeptPasswords
from pipl_core.locks import LOCK_NAME, lock_text
from pipl_core.publishing import plan_publish
from pipl_core.tasks import make
from pipl_hooks import PacklInfo
from pipl_testing import PacklMaker, release_note_types, release_wheel, write_wheel

if TYPE_CHECKING:
    from collections.abc import MutableMapping

PAGE = Path(__file__).parents[3] / "docs" / "coming-from-rez.md"

RELEASES = (
    ("char_hero_rig", "1.9", ()),
    ("char_hero_rig", "2.1", ()),
    ("char_hero_rig", "2.2", ()),
    ("crowd_lib", "1.3", ("char_hero_rig>=1,<2",)),
    ("crowd_lib", "1.4", ("char_hero_rig>=2,<3",)),
    ("show_neck", "1.0", ()),
    ("show_neck", "1.1", ()),
    ("show_pens", "1.0", ()),
    ("show_maya_env", "2024.2", ()),
)
CODE = """\
VERSION = "{version}"


def view():
    print("rig", VERSION)
"""

# -- the page -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A fenced block of the page."""

    language: str
    lines: tuple[str, ...]


@dataclass
class Section:
    """A heading of the page, and what is below it."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def is_example(self) -> bool:
        """Whether it shows something that can be tried."""
        return any(block.language == "console" for block in self.blocks)


def _anchor(title: str) -> str:
    """Return a heading as addresses have it."""
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def _sections() -> Iterator[Section]:
    section, block, language = Section(""), [], None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            if language is None:
                block, language = [], line[3:]
            else:
                section.blocks.append(Block(language, tuple(block)))
                language = None
        elif language is not None:
            block.append(line)
        elif line.startswith("#"):
            yield section
            section = Section(line.lstrip("# "))
        elif line.startswith("|") and not line.startswith("|--"):
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            section.rows.append([cell.strip().replace("\\|", "|") for cell in cells])
    yield section


SECTIONS = {section.title: section for section in _sections()}
EXAMPLES = [section.title for section in SECTIONS.values() if section.is_example]

# -- where the examples run -----------------------------------------------------------------------


class Stage:
    """A project and a workspace in which one example runs.

    Args:
        folder: Folder for the project.
        served: A project whose server it uses.
    """

    def __init__(self, folder: Path, served: Project) -> None:
        self.served = served
        self.folder = folder
        self.project = Project.create(folder / "PROJECT", port=served.config.port)
        self.variables: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.desk = Workspace.create(self.project, "desk")
        self.current = self.desk.folder

    def show(self, block: Block) -> None:
        """Do what a block of the page says; those with rez's own code say nothing."""
        if block.language == "console":
            for command, expected in _commands(block):
                self._run(command, expected)
        elif not (block.language == "python" and block.lines[0].startswith("# package.py")):
            self._write(block)

    def _write(self, block: Block) -> None:
        script = block.lines[0].startswith("#!")
        name = block.lines[1 if script else 0].removeprefix("# ")
        assert re.fullmatch(r"(packls/\w+|bin)/[\w/.-]+|pipl\.toml", name), name
        text = "".join(f"{line}\n" for line in block.lines)
        if name == "pipl.toml":
            _merge(self.project.folder / name, text)
            return
        if name.startswith("packls/"):
            self._packl(name.split("/")[1])
        path = self.desk.folder / name
        if name.endswith(".toml"):
            _merge(path, text)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if script:
            path.chmod(0o755)

    def _packl(self, name: str) -> None:
        if not (self.desk.folder / "packls" / name).exists():
            PacklMaker()(Workspace(self.desk.folder), name)

    def _run(self, command: str, expected: Sequence[str]) -> None:
        for name, value in self.names.items():
            command = command.replace(name, value)
        if command.startswith("cd "):
            self.current = (self.current / shlex.split(command)[1]).resolve(strict=True)
            return
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.current,
            env={**os.environ, "NO_COLOR": "1", **self.variables, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        shown = f"$ {command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in shown, shown
        assert (done.returncode != 0) == expected[0].startswith("error: "), shown
        printed, told = done.stdout.splitlines(), done.stderr.splitlines()
        assert _agree(expected, [*_sure(printed), *_maybe(told)]) or _agree(
            expected, [*_maybe(told), *_sure(printed)]
        ), f"{shown}\n-- but the page has:\n" + "\n".join(expected)


def _commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    text = "\n".join(block.lines)
    for part in re.split(r"(?m)^\$ ", text)[1:]:
        command, *expected = part.rstrip("\n").split("\n")
        yield command, expected or [""]


def _sure(lines: Iterable[str]) -> list[tuple[str, bool]]:
    return [(line, True) for line in lines]


def _maybe(lines: Iterable[str]) -> list[tuple[str, bool]]:
    """Messages and progress go to stderr, and the page shows those that matter."""
    return [(line, False) for line in lines]


def _agree(expected: Sequence[str], lines: Sequence[tuple[str, bool]]) -> bool:
    """Tell whether lines are those of the page, where `…` stands for anything."""
    if not expected or list(expected) == [""]:
        return not any(sure for _, sure in lines)
    first, rest = expected[0], expected[1:]
    if first == "…":
        return any(_agree(rest, lines[i:]) for i in range(len(lines) + 1)) or not rest
    if not lines:
        return False
    pattern = ".*".join(map(re.escape, re.split("…", first.rstrip())))
    line, sure = lines[0]
    if re.fullmatch(pattern, line.rstrip()) and _agree(rest, lines[1:]):
        return True
    return not sure and _agree(expected, lines[1:])


def _merge(path: Path, text: str) -> None:
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    _update(document, tomlkit.parse(text).unwrap())
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _update(table: MutableMapping[str, Any], values: dict[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, dict) and key in table:
            _update(table[key], value)
        else:
            table[key] = value


# -- what the examples need beside a workspace ----------------------------------------------------


def _wheels_for_all_and_for_here(stage: Stage) -> None:
    here = str(next(iter(tags.sys_tags())))
    for tag, where in (("py3-none-any", "any machine"), (here, "this machine")):
        folder = stage.folder / where.replace(" ", "_")
        wheel = write_wheel(folder, "show_fast_cache", "1.0", code=f'BUILT_FOR = "{where}"\n')
        release_wheel(stage.served, wheel.rename(folder / f"show_fast_cache-1.0-{tag}.whl"))


def _a_program(stage: Stage) -> None:
    folder = stage.folder / "sketch"
    folder.mkdir()
    program = folder / "sketch"
    program.write_text("#!/bin/sh\necho sketch 2.5\n", encoding="utf-8")
    program.chmod(0o755)
    stage.variables["SKETCH_ROOT"] = str(folder)


def _a_day_between_two_releases(stage: Stage) -> None:
    for version in ("1.0", "1.1"):
        code = CODE.format(version=version)
        wheel = write_wheel(stage.folder / version, "show_clock", version, code=code)
        release_wheel(stage.served, wheel)
        if version == "1.0":
            stage.names["2026-03-01"] = _after_release(stage.served, "show_clock")


def _after_release(project: Project, name: str) -> str:
    """Wait until the second of a release is over, and tell when that was."""
    with contextlib.closing(project.client()) as client:
        (file,) = client.simple("root/PROJ", name)["files"]
    moment = datetime.fromisoformat(file["upload-time"]) + timedelta(seconds=1)
    while datetime.now(UTC) < moment:
        time.sleep(0.1)
    return moment.isoformat().replace("+00:00", "Z")


def _a_task_with_a_lock(stage: Stage) -> None:
    types = release_note_types(stage.served, stage.folder / "types")
    maker = Workspace.create(stage.project, "maker", requirements=[types, "char_hero_rig<2"])
    packl = PacklMaker()(
        stage.folder,
        "shot_010_anim",
        version="1.2.0",
        info=PacklInfo("task", "note"),
        dependencies=["note_types", "char_hero_rig>=1,<3"],
    )
    (packl.data_folder / LOCK_NAME).write_text(lock_text(maker, packl), encoding="utf-8")
    PacklMaker().publish(packl, stage.served)


def _a_product_with_an_asset(stage: Stage) -> None:
    types = release_note_types(stage.served, stage.folder / "types")
    maker = Workspace.create(stage.project, "maker", requirements=[types])
    packl = make(maker, "product", "show_note", "note").packl
    code = (
        "from show_note import PRODUCT\n"
        "with PRODUCT.text.edit() as path:\n    path.write_text('a note')\n"
    )
    assert maker.environment.run_python(["-c", code]).returncode == 0
    plan_publish(packl, maker).execute()
    PacklMaker().publish(packl, stage.served)


def _somebody_who_may_yank(stage: Stage) -> None:
    password = KeptPasswords(stage.served).get("ci")
    assert password is not None
    stage.variables |= {"PIPL_USER": "ci", "PIPL_PASSWORD": password}


NEEDS: dict[str, Callable[[Stage], None]] = {
    "Variants by platform": _wheels_for_all_and_for_here,
    "rez-bind": _a_program,
    "Timestamps": _a_day_between_two_releases,
    "Contexts": _a_task_with_a_lock,
    "Bundles": _a_product_with_an_asset,
    "Withdraw a release": _somebody_who_may_yank,
}


@pytest.fixture(scope="session")
def released(
    running_project: Project, pipl_wheels: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """Release what the page says is released."""
    del pipl_wheels
    folder = tmp_path_factory.mktemp("rez")
    for name, version, requires in RELEASES:
        code = CODE.format(version=version)
        scripts = {"rig-viewer": f"{name}:view"} if name == "char_hero_rig" else {}
        points = {"console_scripts": scripts}
        wheel = write_wheel(
            folder, name, version, code=code, requires=requires, entry_points=points
        )
        release_wheel(running_project, wheel)
    return running_project


@pytest.fixture
def stage(released: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A project of the test's own by its folder, with the server of the running one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield Stage(tmp_path, released)
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.xdist_group("coming-from-rez")
@pytest.mark.skipif(sys.platform == "win32", reason="the page's commands are those of a sh")
@pytest.mark.parametrize("title", EXAMPLES)
def test_example(stage: Stage, title: str) -> None:
    NEEDS.get(title, lambda _: None)(stage)
    for block in SECTIONS[title].blocks:
        stage.show(block)


# -- nothing is left out --------------------------------------------------------------------------


def test_each_row_has_an_example_or_says_why_not() -> None:
    anchors = {_anchor(title) for title in EXAMPLES}
    shown = set()
    for rez, pipl, examples in SECTIONS["From A to Z"].rows[1:]:
        found = re.findall(r"\]\(#([a-z-]+)\)", examples)
        assert found or re.search(r"\b(none|not|nothing|hooks)\b", pipl), f"{rez} has neither"
        shown |= set(found)
    assert shown - {"ranges"} == anchors
    assert set(NEEDS) <= set(EXAMPLES)


@pytest.mark.parametrize("row", SECTIONS["Ranges"].rows[1:], ids=lambda row: row[0])
def test_range(row: list[str]) -> None:
    _, pipl, takes, leaves = row
    versions = Requirement(pipl.strip("`")).specifier
    assert [v for v in takes.split(", ") if v not in versions] == []
    assert [v for v in leaves.split(", ") if v and v in versions] == []


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", PAGE.read_text(encoding="utf-8"))
    assert targets
    for target in targets:
        name, _, anchor = target.partition("#")
        text = (PAGE.parent / name if name else PAGE).read_text(encoding="utf-8")
        titles = re.findall(r"(?m)^#+ (.*)$", text)
        assert not anchor or anchor in {_anchor(title) for title in titles}, target
