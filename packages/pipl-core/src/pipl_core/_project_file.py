"""`pipl.toml`: what a project is, and where its parts are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipl_hooks import shapes
from pipl_hooks.suggestions import did_you_mean

from .constraints import check_constraint
from .errors import CoreError, InstallError
from .requirements import check_requirement

FILE_NAME = "pipl.toml"
FORMAT = 1
RELEASE_INDEX = "root/PROJ"
MIRROR_INDEX = "root/pypi"
_HOST = re.compile(r"[A-Za-z0-9_:.%-]{1,253}\Z")
_INDEX = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+\Z")


@dataclass(frozen=True)
class Stage:
    """A named step of a publication.

    Attributes:
        name: `submitted`, `checked`, `released`, or one that a studio adds.
        index: Index that backs it.
        handler: What runs when a packl arrives; None where nothing does.
        next: Stage to which it goes on.
    """

    name: str
    index: str
    handler: str | None = None
    next: str | None = None


DEFAULT_STAGES = (
    Stage("submitted", "root/submitted", handler="qa", next="checked"),
    Stage("checked", "root/checked", handler="process", next="released"),
    Stage("released", RELEASE_INDEX),
)
DEFAULT_PIPELINE = ("pipl-pipe", "pipl-assetstore", "pipl-envset")


@dataclass(frozen=True)
class ProjectConfig:
    """What `pipl.toml` says.

    Attributes:
        name: Name of the project.
        host: Host name or address at which the server listens.
        port: Its port.
        server_arguments: Further arguments for devpi-server.
        stages: Steps of a publication, the first one first.
        installer: Name of the installer.
        runner: Name of the runner of handlers.
        pipeline: Requirements that every workspace gets.
        constraints: Versions in which the project takes names, wherever anything brings them.
        mirror_url: Address of the third-party index; empty for the server's default.
        config: The project's layer of configuration, by the names of services.
    """

    name: str
    host: str = "127.0.0.1"
    port: int = 3141
    server_arguments: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = DEFAULT_STAGES
    installer: str = "uv"
    runner: str = "local"
    pipeline: tuple[str, ...] = DEFAULT_PIPELINE
    constraints: tuple[str, ...] = ()
    mirror_url: str = ""
    config: Mapping[str, Mapping[str, Any]] = field(
        default_factory=lambda: {"asset_store": {"root": "assets"}}
    )

    def stage(self, name: str) -> Stage:
        """Return the stage of that name.

        Raises:
            CoreError: There is none.
        """
        for stage in self.stages:
            if stage.name == name:
                return stage
        msg = f"The project {self.name} has no stage {name!r}."
        names = [stage.name for stage in self.stages]
        raise CoreError(msg, hint=f"{did_you_mean(name, names)}It has: {', '.join(names)}.")

    def to_text(self) -> str:
        """Return the text of a new `pipl.toml`."""
        import tomlkit

        document = tomlkit.document()
        document.add(tomlkit.comment("Marks this folder as a project of pipl."))
        document["format"] = FORMAT
        document["name"] = self.name
        document["installer"] = self.installer
        document["runner"] = self.runner
        document.add(tomlkit.nl())
        document["workspace"] = {"install": list(self.pipeline)}
        if self.constraints:
            document["workspace"]["constraints"] = list(self.constraints)
        document["server"] = {"host": self.host, "port": self.port}
        if self.server_arguments:
            document["server"]["arguments"] = list(self.server_arguments)
        if self.mirror_url:
            document["mirror"] = {"url": self.mirror_url}
        stages = tomlkit.aot()
        for stage in self.stages:
            fields = {key: value for key, value in vars(stage).items() if value is not None}
            stages.append(tomlkit.item(fields))
        document["stage"] = stages
        document["config"] = self.config
        return tomlkit.dumps(document)

    @classmethod
    def from_text(cls, text: str, where: str) -> ProjectConfig:
        """Read `pipl.toml`.

        Args:
            text: The text.
            where: Path of the file, for errors.

        Raises:
            CoreError: The text has another format.
        """
        try:
            data = tomllib.loads(text)
            if data.get("format") != FORMAT:
                msg = (
                    f"{where} has the format {data.get('format')!r:.100}, which is not known here."
                )
                raise CoreError(msg, hint=f"This pipl knows format {FORMAT}; update pipl.")
            server = shapes.table(data.get("server", {}), "server")
            workspace = shapes.table(data.get("workspace", {}), "workspace")
            pipeline = workspace.get("install")
            mirror = shapes.table(data.get("mirror", {}), "mirror")
            config = cls(
                name=shapes.text(data["name"], "name"),
                host=_host(server.get("host", "127.0.0.1")),
                port=shapes.number(server.get("port", 3141), "port", 1, 65535),
                server_arguments=tuple(shapes.texts(server.get("arguments", []), "arguments")),
                stages=tuple(map(_stage, shapes.rows(data.get("stage", []), "stage")))
                or DEFAULT_STAGES,
                installer=shapes.text(data.get("installer", "uv"), "installer"),
                runner=shapes.text(data.get("runner", "local"), "runner"),
                pipeline=DEFAULT_PIPELINE
                if pipeline is None
                else tuple(map(_requirement, shapes.texts(pipeline, "install"))),
                constraints=tuple(
                    map(_constraint, shapes.texts(workspace.get("constraints", []), "constraints"))
                ),
                mirror_url=shapes.text(mirror.get("url", ""), "url"),
                config=_config(data.get("config", {})),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f"{where} cannot be read."
            context = f"{type(error).__name__}: {error}"
            raise CoreError(msg, context=context, hint="Correct it by hand.") from error
        config._check(where)
        return config

    def _check(self, where: str) -> None:
        following = {stage.name: stage.next for stage in self.stages}
        if len(following) != len(self.stages):
            msg = f"Two stages in {where} have the same name."
            raise CoreError(msg, hint="Give each stage a name of its own.")
        for stage in self.stages:
            if stage.next is not None and stage.next not in following:
                msg = f"The stage {stage.name!r} in {where} goes on to {stage.next!r}, which is no stage."
                raise CoreError(msg, hint=f"Use one of {', '.join(following)}.")
        for stage in self.stages:
            passed, name = {stage.name}, stage.next
            while name is not None:
                if name in passed:
                    msg = f"The stages in {where} go round in a circle: {name!r} comes again."
                    raise CoreError(msg, hint="Leave `next` out of the last stage.")
                passed.add(name)
                name = following[name]


def _stage(fields: Mapping[str, object]) -> Stage:
    words = {key: shapes.text(value, f"{key} of a stage") for key, value in fields.items()}
    stage = Stage(**words)
    if not _INDEX.match(stage.index):
        msg = f"the index {stage.index!r:.100} of the stage {stage.name!r:.100} is not USER/NAME"
        raise ValueError(msg)
    return stage


def _host(value: object) -> str:
    host = shapes.text(value, "host")
    labels = host.split(":") if ":" in host else host.rstrip(".").split(".")
    longest = max(map(len, labels))
    if not _HOST.match(host) or longest > 63 or ("" in labels and ":" not in host):  # noqa: PLR2004
        msg = f"host should be a host's name or address, not {host!r:.100}"
        raise ValueError(msg)
    return host


def _requirement(text: str) -> str:
    try:
        check_requirement(text)
    except InstallError as error:
        raise ValueError(error.message) from error
    return text


def _constraint(text: str) -> str:
    try:
        check_constraint(text)
    except InstallError as error:
        raise ValueError(error.message) from error
    return text


def _config(value: object) -> Mapping[str, Mapping[str, Any]]:
    """Return configuration that environments can be told of, as JSON."""
    found = shapes.tables(value, "config")
    for name, values in found.items():
        try:
            json.dumps(values)
        except TypeError as error:
            msg = f"config of {name} cannot be told to environments: {error}"
            raise TypeError(msg) from error
    return found
