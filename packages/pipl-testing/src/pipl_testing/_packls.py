"""Throw-away packls in edition."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from pipl_hooks import PacklInfo, import_name

if TYPE_CHECKING:
    from pipl_core import Packl, Project, Publication, Workspace


class PacklMaker:
    """Writes packls for tests, and releases them: the fixture `throw_away_packl`."""

    def __call__(
        self,
        where: Workspace | Path,
        name: str,
        *,
        version: str = "0.1.0",
        info: PacklInfo | None = None,
        files: Mapping[str, str] | None = None,
        dependencies: Sequence[str] = (),
        entry_points: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Packl:
        """Write a packl, without installing it.

        Args:
            where: The workspace in which it is edited, or any folder to put it into.
            name: Its name.
            version: Its version.
            info: What its `packl.toml` says; a packl of the kind code where None.
            files: Texts by their path in the packl, beside and in place of the skeleton's.
            dependencies: Its requirements (PEP 508).
            entry_points: Its entry points, by group and name.
        """
        from pipl_core import Packl
        from pipl_core.plugins import plugins

        info = info or PacklInfo("code")
        area = where if isinstance(where, Path) else where.folder / "packls"
        folder = area / import_name(name)
        skeleton = plugins().hook.pipl_packl_files(name=name, kind=info.kind, summary="")
        for path, text in {**skeleton, **(files or {})}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        pyproject = folder / "pyproject.toml"
        document = tomlkit.parse(pyproject.read_text(encoding="utf-8"))
        project = document["project"]
        assert isinstance(project, dict)
        project["version"] = version
        if dependencies:
            project["dependencies"] = list(dependencies)
        if entry_points:
            project["entry-points"] = {group: dict(p) for group, p in entry_points.items()}
        pyproject.write_text(tomlkit.dumps(document), encoding="utf-8")
        packl = Packl(folder)
        packl.write_info(info)
        return packl

    def publish(
        self, packl: Packl, project: Project, index: str = "root/PROJ", user: str = "ci"
    ) -> Publication:
        """Build a packl's wheel and upload it, past all checks and stages.

        Args:
            packl: The packl.
            project: A project whose server runs and is set up.
            index: Index to upload to.
            user: Act as this user, whose password the project keeps.
        """
        from pipl_core.building import build_wheel
        from pipl_core.publishing import upload

        with tempfile.TemporaryDirectory(prefix="pipl-testing-") as folder:
            return upload(project, build_wheel(packl.folder, Path(folder)), index, user)

    def release(self, project: Project, name: str, folder: Path, version: str = "0.1.0") -> Packl:
        """Write a packl that has nothing but a name, and publish it to `root/PROJ`.

        Args:
            project: A project whose server runs and is set up.
            name: Its name.
            folder: Folder to write it into.
            version: Its version.
        """
        packl = self(folder / version, name, version=version)
        self.publish(packl, project)
        return packl
