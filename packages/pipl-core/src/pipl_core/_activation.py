"""Extends a virtualenv's activate scripts, so that EnvSets are set and unset with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_POSIX = """
PIPL_WORKSPACE='{workspace}'
export PIPL_WORKSPACE
if [ -f "$VIRTUAL_ENV/pipl/env.sh" ]; then . "$VIRTUAL_ENV/pipl/env.sh"; fi
"""
_FISH = """
set -gx PIPL_WORKSPACE '{workspace}'
if test -f "$VIRTUAL_ENV/pipl/env.fish"; source "$VIRTUAL_ENV/pipl/env.fish"; end
"""
_POWERSHELL = """
$env:PIPL_WORKSPACE = '{workspace}'
if (Test-Path "$env:VIRTUAL_ENV/pipl/env.ps1") {{ . "$env:VIRTUAL_ENV/pipl/env.ps1" }}
"""
_BATCH = """
@set "PIPL_WORKSPACE={workspace}"
@if exist "%VIRTUAL_ENV%\\pipl\\env.bat" call "%VIRTUAL_ENV%\\pipl\\env.bat"
"""

_SCRIPTS: dict[str, tuple[str, str, str]] = {
    # name: (start of its function that deactivates, what is added to that, what is appended)
    "activate": (
        "deactivate () {\n",
        "    if command -v pipl_env_restore > /dev/null 2>&1; then pipl_env_restore; fi\n"
        "    unset PIPL_WORKSPACE\n",
        _POSIX,
    ),
    "activate.fish": (
        "function deactivate -d 'Exit virtualenv mode and return to the normal environment.'\n",
        "    if functions -q pipl_env_restore; pipl_env_restore; end\n    set -e PIPL_WORKSPACE\n",
        _FISH,
    ),
    "activate.ps1": (
        "function global:deactivate([switch] $NonDestructive) {\n",
        "    if (Test-Path function:pipl_env_restore) { pipl_env_restore }\n"
        "    if (Test-Path env:PIPL_WORKSPACE) { Remove-Item env:PIPL_WORKSPACE }\n",
        _POWERSHELL,
    ),
    "activate.bat": ("", "", _BATCH),
    "deactivate.bat": (
        "",
        "",
        '\n@if exist "%VIRTUAL_ENV%\\pipl\\env-restore.bat" '
        'call "%VIRTUAL_ENV%\\pipl\\env-restore.bat"\n@set PIPL_WORKSPACE=\n',
    ),
}


def extend(scripts: Path, workspace: Path) -> None:
    """Extend the activate scripts that virtualenv wrote.

    Args:
        scripts: Folder of the virtualenv's programs.
        workspace: Folder of the workspace, named by PIPL_WORKSPACE while it is active.
    """
    for name, (start, added, appended) in _SCRIPTS.items():
        path = scripts / name
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if start:
            text = text.replace(start, start + added, 1)
        appended = appended.format(workspace=_quoted(name, str(workspace)))
        # A batch file's own restoration must come before virtualenv forgets VIRTUAL_ENV.
        text = appended + text if name == "deactivate.bat" else text + appended
        path.write_text(text, encoding="utf-8", newline="")


def _quoted(script: str, text: str) -> str:
    if script == "activate":
        return text.replace("'", "'\\''")
    if script == "activate.fish":
        return text.replace("\\", "\\\\").replace("'", "\\'")
    return text.replace("'", "''") if script == "activate.ps1" else text
