"""Write down what uv installs, and where: `installer = "noted"` in pipl.toml."""

from __future__ import annotations

from pipl_core.installers import UvInstaller
from pipl_hooks import Installer, InstallRequest, hookimpl


class NotedInstaller(UvInstaller):
    """uv, with a note beside the environment."""

    def install(self, request: InstallRequest) -> str:
        """Install, and append to `installed.txt` in the folder of the workspace."""
        printed = super().install(request)
        note = request.python.parents[2] / "installed.txt"
        with note.open("a", encoding="utf-8") as stream:
            stream.write(" ".join(request.requirements) + "\n")
        return printed


@hookimpl
def pipl_installer(name: str) -> Installer | None:
    """Give the installer `noted`."""
    return NotedInstaller() if name == "noted" else None
