"""A project: a folder with its own devpi server."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._files import explained, making, write_text
from ._project_file import FILE_NAME, RELEASE_INDEX, ProjectConfig
from .errors import ConflictError, CoreError, NotFoundError
from .names import check_project_folder

if TYPE_CHECKING:
    from .index import IndexClient
    from .server import Server

VARIABLE = "PIPL_PROJECT"
"""Names the project where the current folder lies in none."""

DEFAULT_PORT = 3141


class Project:
    """A project's folder, and the way to all of its parts.

    Args:
        folder: Folder with `pipl.toml`.

    Raises:
        NotFoundError: The folder is no project.
        CoreError: Its `pipl.toml` cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._file = self.folder / FILE_NAME
        try:
            text = self._file.read_text(encoding="utf-8")
        except OSError as error:
            msg = f"{folder} is not a project."
            hint = "Make one with `pipl proj create PATH`."
            raise NotFoundError(
                msg, context=f"{self._file}: {error.strerror}", hint=hint
            ) from error
        except UnicodeDecodeError as error:
            msg = f"{self._file} cannot be read."
            raise CoreError(msg, context=str(error), hint="Save it as UTF-8.") from error
        self.config = ProjectConfig.from_text(text, str(self._file))

    @classmethod
    def find(cls, start: Path | str = ".") -> Project:
        """Find the project of a folder: the folder itself, one above it, or the current project.

        A workspace outside of the project's folder leads to its project, too.

        Raises:
            NotFoundError: There is none.
        """
        from .workspace import Workspace

        start = Path(start).absolute()
        for folder in (start, *start.parents):
            if (folder / FILE_NAME).is_file():
                return cls(folder)
            marker = Workspace.marker_in(folder)
            if marker is not None:
                return cls(marker)
        if os.environ.get(VARIABLE):
            return cls(Path(os.environ[VARIABLE]))
        msg = f"There is no project at {start}, nor in a folder above it."
        hint = (
            "Go into a project's folder, name one with -p/--path or the variable PIPL_PROJECT, "
            "or make one with `pipl proj create PATH`."
        )
        raise NotFoundError(msg, hint=hint)

    @classmethod
    def create(
        cls,
        folder: Path | str,
        name: str | None = None,
        port: int | None = None,
        server_arguments: tuple[str, ...] = (),
        **options: Any,  # noqa: ANN401  fields of ProjectConfig
    ) -> Project:
        """Make a new project.

        Args:
            folder: New or empty folder.
            name: Name of the project; that of the folder where None.
            port: Port of its server; 3141 where that is free, else another one, where None.
            server_arguments: Further arguments for devpi-server.
            options: Further fields of `ProjectConfig`.

        Raises:
            ConflictError: The folder is a project, or not empty.
            CoreError: The folder cannot be made, or nothing can have that name.
        """
        folder = Path(folder).absolute()
        check_project_folder(folder.name)
        if name is not None:
            check_project_folder(name)
        with explained(f"The project {folder} could not be made."):
            if (folder / FILE_NAME).exists():
                msg = f"{folder} is a project already."
                raise ConflictError(msg, hint=f"Start it: pipl proj start -p {folder}")
            if folder.exists() and any(folder.iterdir()):
                msg = f"{folder} is not empty."
                raise ConflictError(msg, hint="Choose a new folder for the project.")
            config = ProjectConfig(
                name=name or folder.name,
                port=port or free_port(),
                server_arguments=server_arguments,
                **options,
            )
            parts = [folder / part for part in ("system", "assets", "workspaces")]
            with making(*parts):
                (folder / "system").chmod(0o700)
                # The marker comes last: a folder that has it is a whole project.
                write_text(folder / FILE_NAME, config.to_text())
        return cls(folder)

    @property
    def name(self) -> str:
        """Name of the project."""
        return self.config.name

    @property
    def system(self) -> Path:
        """Folder of the server's and the handlers' state; only for the project's owner."""
        return self.folder / "system"

    @property
    def workarea(self) -> Path:
        """Folder of the default workarea."""
        return self.folder / "workspaces"

    @property
    def address(self) -> str:
        """Address of the server, without a slash at its end."""
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        return f"http://{host}:{self.config.port}"

    @property
    def install_url(self) -> str:
        """Simple index from which workspaces install; the only one that they ask."""
        return f"{self.address}/{RELEASE_INDEX}/+simple/"

    @property
    def service_config(self) -> Mapping[str, Mapping[str, Any]]:
        """The project's layer of configuration, with paths made absolute."""
        config = {name: dict(values) for name, values in self.config.config.items()}
        root = config.setdefault("asset_store", {}).setdefault("root", "assets")
        config["asset_store"]["root"] = str(self.folder / root)
        return config

    @property
    def server(self) -> Server:
        """Its server."""
        from .server import Server

        return Server(self)

    def client(self, user: str | None = None) -> IndexClient:
        """Return a client of its server.

        Args:
            user: Act as this user, whose password the project keeps (`root`, `ci`); as the one
                who is logged in where None.
        """
        from .credentials import authenticated_client

        return authenticated_client(self, user)


def free_port(preferred: int = DEFAULT_PORT) -> int:
    """Return the preferred port where nothing listens at it, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            bound: int = probe.getsockname()[1]
            return bound
    msg = "no free port"
    raise OSError(msg)
