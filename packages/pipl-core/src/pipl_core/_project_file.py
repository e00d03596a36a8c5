"""`pipl.toml`: what a project is, and where its parts are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import CoreError

FILE_NAME = "pipl.toml"
FORMAT = 1
RELEASE_INDEX = "root/PROJ"
MIRROR_INDEX = "root/pypi"


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
        raise CoreError(msg, hint=f"It has: {', '.join(stage.name for stage in self.stages)}.")

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
                msg = f"{where} has the format {data.get('format')!r}, which is not known here."
                raise CoreError(msg, hint=f"This pipl knows format {FORMAT}; update pipl.")
            server = data.get("server", {})
            stages = tuple(Stage(**stage) for stage in data.get("stage", []))
            config = cls(
                name=_text(data["name"]),
                host=_text(server.get("host", "127.0.0.1")),
                port=int(server.get("port", 3141)),
                server_arguments=tuple(map(_text, server.get("arguments", ()))),
                stages=stages or DEFAULT_STAGES,
                installer=_text(data.get("installer", "uv")),
                runner=_text(data.get("runner", "local")),
                pipeline=tuple(
                    map(_text, data.get("workspace", {}).get("install", DEFAULT_PIPELINE))
                ),
                mirror_url=_text(data.get("mirror", {}).get("url", "")),
                config=_tables(data.get("config", {})),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            msg = f"{where} cannot be read."
            context = f"{type(error).__name__}: {error}"
            raise CoreError(msg, context=context, hint="Correct it by hand.") from error
        config._check(where)
        return config

    def _check(self, where: str) -> None:
        names = [stage.name for stage in self.stages]
        for stage in self.stages:
            if stage.next is not None and stage.next not in names:
                msg = f"The stage {stage.name!r} in {where} goes on to {stage.next!r}, which is no stage."
                raise CoreError(msg, hint=f"Use one of {', '.join(names)}.")


def _tables(value: object) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
        msg = f"config should hold tables, not {value!r}"
        raise TypeError(msg)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"{value!r} should be a text"
        raise TypeError(msg)
    return value
