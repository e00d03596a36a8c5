"""Carries a Task from its build to its Products without pip, a server or a workspace's virtualenv.

For the tests of the samples. Packls lie in folders of their own, and an environment is the list
of those folders on the path of a Python process:

    lab = Lab(tmp_path)
    lab.process("char_hero_model", "model", {"asset": "hero"})
    lab.path("char_hero_model_usd", "model")
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipl_hooks.assets import references_from_plain, references_to_text
from pipl_pipe import PipelineError, Settings, type_named
from pipl_pipe.__main__ import main as answer_verb


@dataclass(frozen=True)
class Packl:
    """What a throw-away packl says of itself.

    Attributes:
        name: Its name, and its import name.
        kind: `task` or `product`.
        type: Name of its type.
        target: Class of the type: `sample_model:ModelTask`.
        entity: What it is about.
        requires: Names of packls on which it depends.
        version: Its version.
    """

    name: str
    kind: str
    type: str
    target: str
    entity: Mapping[str, str]
    requires: Sequence[str] = ()
    version: str = "1.0.0"

    def write(self, folder: Path) -> None:
        """Write the packl as pip would have installed it into `folder`."""
        module, _, cls = self.target.partition(":")
        name = self.kind.upper()
        data = folder / self.name / "_packl"
        info = folder / f"{self.name}-{self.version}.dist-info"
        for each in (data, info):
            each.mkdir(parents=True, exist_ok=True)
        code = f"from {module} import {cls}\n\n{name} = {cls}(__name__)\n"
        (folder / self.name / "__init__.py").write_text(code, encoding="utf-8")
        lines = ["format = 1", f'kind = "{self.kind}"', f'type = "{self.type}"', "[entity]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in self.entity.items()]
        (data / "packl.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        lines = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        lines += [f"Requires-Dist: {required}" for required in self.requires]
        (info / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
        text = f"[pipl_pipe.{self.kind}]\n{self.name} = {self.name}:{name}\n"
        (info / "entry_points.txt").write_text(text, encoding="utf-8")


class Lab:
    """A folder with throw-away packls, their workspaces and an asset store.

    Args:
        folder: Folder for all of it, such as pytest's `tmp_path`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "assets"
        self.seconds: dict[str, dict[str, float]] = {}
        self._packls: dict[str, Packl] = {}

    def process(
        self,
        name: str,
        type: str,
        entity: Mapping[str, str],
        needs: Sequence[str] = (),
        edits: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> list[str]:
        """Build a Task, publish its Assets, export its Products and publish theirs.

        Args:
            name: Name of the Task.
            type: Its type.
            entity: What it is about.
            needs: Products on which it depends.
            edits: Values to change in Assets of the type `settings`, after they were built.

        Returns:
            Names of the Products that it made.
        """
        cls = type_named("task", type)
        self.add(Packl(name, "task", type, f"{cls.__module__}:{cls.__qualname__}", entity, needs))
        arguments = [name, str(self._packl_folder(name)), json.dumps(edits or {})]
        answer = self.folder / "workspaces" / name / "answer.json"
        self.run([name], "-m", __name__, str(answer), *arguments)
        answers = json.loads(answer.read_text(encoding="utf-8"))
        self.seconds[name] = answers["seconds"]
        for product in answers["export"]["products"]:
            requires = [each["name"] for each in product["requires"]]
            made = Packl(
                product["name"],
                "product",
                product["type"],
                product["target"],
                product["entity"],
                requires,
            )
            self.add(made)
            self._write_references(made.name, answers["keep"][made.name])
        return [product["name"] for product in answers["export"]["products"]]

    def add(self, packl: Packl) -> None:
        """Add a packl."""
        self._packls[packl.name] = packl
        packl.write(self._packl_folder(packl.name))

    def path(self, packl: str, asset: str) -> Path:
        """Return where an Asset of a Product that was processed can be read."""
        code = (
            "import sys; from pipl_pipe import services;"
            f"product = services.products.get({packl!r});"
            f"print(product.assets[{asset!r}].path())"
        )
        return Path(self.run([packl], "-c", code).strip())

    def run(self, packls: Sequence[str], *arguments: str) -> str:
        """Run Python in an environment that holds some packls and all that they require.

        Returns:
            What it printed.

        Raises:
            PipelineError: It failed.
        """
        workspace = self.folder / "workspaces" / packls[0]
        prefix = workspace / ".venv"
        prefix.mkdir(parents=True, exist_ok=True)
        (workspace / "workspace.toml").touch()
        settings = Settings((), self.folder, {"asset_store": {"root": str(self.store)}})
        (prefix / "pipl.json").write_text(settings.to_text(), encoding="utf-8")
        # Makes the process believe that it runs in the workspace's virtualenv.
        custom = workspace / "startup"
        custom.mkdir(exist_ok=True)
        code = f"import sys\n\nsys.prefix = {str(prefix)!r}\n"
        (custom / "sitecustomize.py").write_text(code, encoding="utf-8")
        folders = [str(self._packl_folder(name)) for name in self._closure(packls)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(custom), *folders])}
        done = subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            msg = f"{' '.join(arguments)[:200]} failed."
            raise PipelineError(msg, context=done.stdout + done.stderr)
        return done.stdout

    def _closure(self, packls: Sequence[str]) -> list[str]:
        found: dict[str, None] = {}
        todo = list(packls)
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = None
                todo += self._packls[name].requires
        return list(found)

    def _packl_folder(self, name: str) -> Path:
        return self.folder / "packls" / name

    def _write_references(self, name: str, references: Sequence[Mapping[str, Any]]) -> None:
        write_references(self._packl_folder(name) / name, references)


def write_references(package: Path, references: Sequence[Mapping[str, Any]]) -> None:
    """Write the references that `save` or `keep` answered into a packl's import package."""
    text = references_to_text(references_from_plain(references))
    (package / "_packl" / "assets.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Carry the Task of this environment through; the process that `Lab.process` starts."""
    from pipl_pipe import the_task

    answer, name, folder, edits = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    task: Any = the_task()
    if task.build():
        sys.exit(1)
    seconds["build"] = time.perf_counter() - started
    for asset, values in json.loads(edits).items():
        path = task.assets[asset].work_path
        settings = {**json.loads(path.read_text(encoding="utf-8")), **values}
        path.write_text(json.dumps(settings), encoding="utf-8")
    write_references(folder / name, _ask(answer, seconds, "save", name, task.version))
    exported = _ask(answer, seconds, "export", str(answer.parent / "export"))
    export_file = answer.with_name("export.json")
    export_file.write_text(json.dumps(exported), encoding="utf-8")
    kept = _ask(answer, seconds, "keep", str(export_file), task.version)
    answers = {"export": exported, "keep": kept, "seconds": seconds}
    answer.write_text(json.dumps(answers), encoding="utf-8")


def _ask(answer: Path, seconds: dict[str, float], verb: str, *arguments: str) -> Any:  # noqa: ANN401
    started = time.perf_counter()
    sys.argv = ["pipl_pipe", "--answer", str(answer), verb, *arguments]
    status = answer_verb()
    data = json.loads(answer.read_text(encoding="utf-8"))
    if status:
        error = data["error"]
        raise PipelineError(error["message"], context=error["context"], hint=error["hint"])
    seconds[verb] = time.perf_counter() - started
    return data


if __name__ == "__main__":
    main()
