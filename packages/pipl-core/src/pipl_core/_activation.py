"""Extends a virtualenv's activate scripts, so that EnvSets are set and unset with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_POSIX = """
_pipl_had_workspace="${{PIPL_WORKSPACE+set}}"
_pipl_old_workspace="${{PIPL_WORKSPACE-}}"
PIPL_WORKSPACE='{workspace}'
export PIPL_WORKSPACE
if [ -f "$VIRTUAL_ENV/pipl/env.sh" ]; then . "$VIRTUAL_ENV/pipl/env.sh"; fi
"""
_FISH = """
set -qgx PIPL_WORKSPACE; and set -g _pipl_old_workspace "$PIPL_WORKSPACE"
set -g _pipl_active 1
set -gx PIPL_WORKSPACE '{workspace}'
if test -f "$VIRTUAL_ENV/pipl/env.fish"; source "$VIRTUAL_ENV/pipl/env.fish"; end
"""
_POWERSHELL = """
$global:_pipl_old_workspace = @($env:PIPL_WORKSPACE)
$env:PIPL_WORKSPACE = '{workspace}'
if (Test-Path "$env:VIRTUAL_ENV/pipl/env.ps1") {{ . "$env:VIRTUAL_ENV/pipl/env.ps1" }}
"""
_BATCH = """
@set "_pipl_old_workspace=%PIPL_WORKSPACE%"
@set "PIPL_WORKSPACE={workspace}"
@if exist "%VIRTUAL_ENV%\\pipl\\env.bat" call "%VIRTUAL_ENV%\\pipl\\env.bat"
"""

_FISH_DEACTIVATES = """\
function deactivate -d 'Exit virtualenv mode and return to the normal environment.'
"""
# Activating calls these first, when nothing may be active.
_RESTORE_POSIX = """\
    if command -v pipl_env_restore > /dev/null 2>&1; then pipl_env_restore; fi
    if [ "${_pipl_had_workspace+known}" = known ]; then
        if [ "$_pipl_had_workspace" = set ]; then PIPL_WORKSPACE="$_pipl_old_workspace"
        else unset PIPL_WORKSPACE; fi
        unset _pipl_had_workspace _pipl_old_workspace
    fi
"""
_RESTORE_FISH = """\
    if functions -q pipl_env_restore; pipl_env_restore; end
    if set -q _pipl_active
        set -eg PIPL_WORKSPACE
        set -q _pipl_old_workspace; and set -gx PIPL_WORKSPACE "$_pipl_old_workspace"
        set -eg _pipl_active; set -eg _pipl_old_workspace
    end
"""
_RESTORE_POWERSHELL = """\
    if (Test-Path function:pipl_env_restore) { pipl_env_restore }
    if (Test-Path variable:global:_pipl_old_workspace) {
        $env:PIPL_WORKSPACE = $global:_pipl_old_workspace[0]
        Remove-Variable -Name _pipl_old_workspace -Scope Global
    }
"""
_RESTORE_BATCH = """\
@if exist "%VIRTUAL_ENV%\\pipl\\env-restore.bat" call "%VIRTUAL_ENV%\\pipl\\env-restore.bat"
@set "PIPL_WORKSPACE=%_pipl_old_workspace%"
@set _pipl_old_workspace=
"""


@dataclass(frozen=True)
class _Extension:
    """What becomes of one script.

    Attributes:
        before: Put in front of everything.
        deactivates: Line that begins the function that deactivates.
        restores: Put behind that line.
        after: Put behind everything.
    """

    before: str = ""
    deactivates: str = ""
    restores: str = ""
    after: str = ""


_EXTENSIONS = {
    "activate": _Extension("", "deactivate () {\n", _RESTORE_POSIX, _POSIX),
    "activate.fish": _Extension("", _FISH_DEACTIVATES, _RESTORE_FISH, _FISH),
    "activate.ps1": _Extension(
        "",
        "function global:deactivate([switch] $NonDestructive) {\n",
        _RESTORE_POWERSHELL,
        _POWERSHELL,
    ),
    "activate.bat": _Extension(after=_BATCH),
    # It must come before virtualenv's own lines, which forget VIRTUAL_ENV.
    "deactivate.bat": _Extension(before=_RESTORE_BATCH),
}


def extend(scripts: Path, workspace: Path) -> None:
    """Extend the activate scripts that virtualenv wrote.

    Args:
        scripts: Folder of the virtualenv's programs.
        workspace: Folder of the workspace, named by PIPL_WORKSPACE while it is active.
    """
    for name, extension in _EXTENSIONS.items():
        path = scripts / name
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if extension.deactivates:
            added = extension.deactivates + extension.restores
            text = text.replace(extension.deactivates, added, 1)
        after = extension.after.format(workspace=_quoted(name, str(workspace)))
        path.write_text(extension.before + text + after, encoding="utf-8", newline="")


def _quoted(script: str, text: str) -> str:
    if script == "activate":
        return text.replace("'", "'\\''")
    if script == "activate.fish":
        return text.replace("\\", "\\\\").replace("'", "\\'")
    return text.replace("'", "''") if script == "activate.ps1" else text
