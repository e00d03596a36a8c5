"""Virtual environments in which packls are installed: of workspaces, and of handlers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipl_hooks import Environment, InstallRequest, Step, Variable, normalized_name, shapes
from pipl_hooks.environment import FILE_NAME as ENVIRONMENT_FILE
from pipl_hooks.environment import PREPEND, SET, UnknownFormatError
from pipl_hooks.settings import FILE_NAME as SETTINGS_FILE
from pipl_hooks.settings import Settings
from pipl_hooks.trace import traced

from . import _activation
from ._files import explained, write_text
from .errors import CoreError, InstallError, NotFoundError
from .moments import end_of
from .plugins import plugins
from .requirements import check_requirement

if TYPE_CHECKING:
    from pipl_hooks import Installer, Progress

    from .packl import Packl
    from .project import Project

SCRIPTS_FOLDER = "pipl"
"""Folder in the virtualenv for the scripts that set what EnvSets say."""

OURS = "pipl"
"""Stands for a packl where pipl itself does something to a variable."""


_PYTHON_HINT = "Name an installed Python with --python: a version such as 3.11, or its path."


class VirtualEnvironment:
    """A virtualenv whose packls come from one project's index, and from nowhere else.

    Args:
        folder: Folder of the virtualenv.
        project: The project.
        base: Variables of whatever runs in it, before it is activated; those of this process
            where None. With them it is a clean environment, which is told neither where the
            project lies nor how to call the tool.
        offline: Whether it takes Assets from beside its workspace, instead of the project.
    """

    def __init__(
        self,
        folder: Path,
        project: Project,
        base: Mapping[str, str] | None = None,
        *,
        offline: bool = False,
    ) -> None:
        self.offline = offline
        self.folder = folder
        self.project = project
        self.base = base

    @property
    def scripts(self) -> Path:
        """Folder of its programs."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def site_packages(self) -> list[Path]:
        """Folders of its installed packages: one, or none while it does not stand."""
        pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
        return list(self.folder.glob(pattern))

    @property
    def python_version(self) -> str:
        """Version of its Python, such as `3.11`; empty where it does not tell."""
        for line in (self.folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if key.strip() in {"version", "version_info"}:
                return ".".join(value.strip().split(".")[:2])
        return ""

    @property
    def exists(self) -> bool:
        """Whether it stands."""
        return self.python.exists() and (self.folder / SETTINGS_FILE).exists()

    def check(self) -> None:
        """Make sure that it stands.

        Raises:
            NotFoundError: It does not.
        """
        if not self.python.exists():
            msg = f"The environment {self.folder} does not stand."
            raise NotFoundError(msg, hint="Make it anew: `pipl work sync`.")

    def create(self, python: str | None = None, prompt: str | None = None) -> None:
        """Make it, empty.

        Args:
            python: Interpreter: a path, or a version such as `3.11`; that of the tool where None.
            prompt: Shown in the shell while it is active.

        Raises:
            CoreError: There is no such interpreter, or the disk refused.
        """
        import virtualenv

        arguments = [str(self.folder), "--quiet", "--no-vcs-ignore", "--no-periodic-update"]
        if not self._installer().seeds_pip:
            arguments.append("--no-seed")
        arguments += ["--python", python or sys.executable]
        if prompt:
            arguments += ["--prompt", prompt]
        try:
            with explained(f"The environment {self.folder} could not be made."):
                virtualenv.cli_run(arguments, setup_logging=False)
        except (RuntimeError, SystemExit) as error:
            msg = f"The environment {self.folder} could not be made with Python {python!r}."
            raise CoreError(msg, context=str(error), hint=_PYTHON_HINT) from error
        _activation.extend(self.scripts, self.folder.parent)
        self._write_settings()

    @property
    def is_told(self) -> bool:
        """Whether it knows of its project what is so now."""
        path = self.folder / SETTINGS_FILE
        return path.exists() and path.read_bytes() == self._told().encode()

    def _told(self) -> str:
        clean = self.base is not None
        return Settings(
            tool=[] if clean else [sys.executable, "-m", "pipl_cli"],
            project=None if clean else self.project.folder,
            config=self.project.service_config if clean else self._config,
            offline=self.offline,
        ).to_text()

    def _write_settings(self) -> None:
        """Tell the environment of its project, where it has not been told the same before."""
        if not self.is_told:
            write_text(self.folder / SETTINGS_FILE, self._told())

    @property
    def local_assets(self) -> Path:
        """Folder of the Assets beside its workspace."""
        return self.folder.parent / "assets"

    @property
    def _config(self) -> dict[str, Mapping[str, Any]]:
        return {**self.project.service_config, "local_assets": {"root": str(self.local_assets)}}

    def install(
        self,
        requirements: Sequence[str] = (),
        *,
        upgrade: bool = False,
        dependencies: bool = True,
        asked_by: Mapping[str, str] | None = None,
        at: str | None = None,
        constraints: Sequence[str] | None = None,
    ) -> str:
        """Install packls, and return what the installer printed.

        Args:
            requirements: PEP 508 requirements without addresses, or paths of wheels.
            upgrade: Take the newest versions that fit.
            dependencies: Install what they depend on, too.
            asked_by: Who asks for each requirement, for errors; whoever calls where it is not said.
            at: Take only what had been released by then: a moment of `parsed_moment`.
            constraints: Versions in which names are taken, whoever brings them; those of the
                project where None. There are none for what is installed without what it
                depends on.

        Raises:
            InstallError: The installer could not; nothing has changed.
        """
        from .conflicts import RUN, YOU, explained_conflict

        self.check()
        for requirement in requirements:
            check_no_address(requirement)
        if constraints is None:
            constraints = self.project.config.constraints
        constraints = tuple(constraints) if dependencies else ()
        request = InstallRequest(
            self.python,
            self.project.install_url,
            tuple(requirements),
            upgrade,
            dependencies,
            variables=self.base,
            at=end_of(at) if at else None,
            constraints=constraints,
        )
        try:
            return self._installer().install(request)
        except InstallError as error:
            known = dict.fromkeys(requirements, YOU if self.base is None else RUN)
            raise explained_conflict(error, known | dict(asked_by or {}), constraints) from error

    def install_edited(self, packl: Packl) -> None:
        """Install a packl so that what is edited in its folder is what runs.

        What it depends on must be installed already. The same as pip's editable installation,
        with the hatchling of the tool environment, since making one for each build takes longer
        than all the rest.

        Args:
            packl: The packl.

        Raises:
            PacklError: It cannot be built.
        """
        from .building import build_wheel

        with tempfile.TemporaryDirectory(prefix="pipl-") as folder:
            wheel = build_wheel(packl.folder, Path(folder), editable=True)
            request = InstallRequest(
                self.python,
                self.project.install_url,
                (str(wheel.path),),
                dependencies=False,
                reinstall=True,
                variables=self.base,
            )
            self._installer().install(request)
        # Standard metadata on where it comes from (PEP 610), instead of our temporary wheel.
        source = {"url": packl.folder.as_uri(), "dir_info": {"editable": True}}
        for place in self.site_packages:
            for path in place.glob(f"{packl.module}-*.dist-info/direct_url.json"):
                write_text(path, json.dumps(source))

    def has_edited(self, packl: Packl) -> bool:
        """Tell whether what is edited in a packl's folder is what runs here."""
        pattern = f"{packl.module}-*.dist-info/direct_url.json"
        found = [path for place in self.site_packages for path in place.glob(pattern)]
        for path in found:
            # A damaged one only costs installing it anew.
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                if json.loads(path.read_text(encoding="utf-8"))["url"] == packl.folder.as_uri():
                    return True
        return False

    def uninstall(self, names: Sequence[str]) -> str:
        """Remove packls, and return what the installer printed."""
        return self._installer().uninstall(self.python, names)

    def install_lock(self, lock: Path) -> str:
        """Install exactly what a lock names, and return what the installer printed."""
        request = InstallRequest(self.python, self.project.install_url, variables=self.base)
        return self._installer().install_lock(request, lock)

    def refresh(self) -> None:
        """Write anew what the environment knows of its project, and what its EnvSets set.

        Raises:
            CoreError: The EnvSets do not go together; the context says why.
        """
        self._write_settings()
        target = self.folder / SCRIPTS_FOLDER
        if not self.has("pipl_envset"):
            return
        # Not activated: what EnvSets said before must not have a part in what they say now.
        arguments = ["-m", "pipl_envset", "write", str(target)]
        done = self.run_python(arguments, quiet=True, variables=self.variables(settled=False))
        if done.returncode != 0:
            msg = "The environment settings of this workspace do not go together."
            raise CoreError(msg, context=(done.stderr or "").strip())

    def installed(self) -> dict[str, str]:
        """Return the versions of all packls in it, by normalized name.

        Raises:
            NotFoundError: It does not stand.
        """
        from importlib.metadata import distributions

        self.check()
        folders = [str(path) for path in self.site_packages]
        found = {}
        for distribution in distributions(path=folders):
            name = distribution.metadata["Name"]
            if name:  # what is half uninstalled has none
                found[normalized_name(name)] = distribution.version
        return dict(sorted(found.items()))

    def has(self, module: str) -> bool:
        """Tell whether an import package lies in the environment itself."""
        return any((folder / module / "__init__.py").exists() for folder in self.site_packages)

    @property
    def settings(self) -> Environment:
        """What its EnvSets add up to; empty where there is none.

        Written anew where another pipl wrote it.

        Raises:
            FormatError: It cannot be read.
            CoreError: It had to be written anew, and the EnvSets do not go together.
        """
        path = self.folder / SCRIPTS_FOLDER / ENVIRONMENT_FILE
        if not path.exists():
            return Environment()
        try:
            return self._read_settings(path)
        except UnknownFormatError:
            self.refresh()
            return self._read_settings(path)

    @staticmethod
    def _read_settings(path: Path) -> Environment:
        # What is no UTF-8 is no JSON either, and gets that error.
        return Environment.from_text(path.read_text(encoding="utf-8", errors="replace"))

    @property
    def whole(self) -> Environment:
        """What activating it does to the variables: its own part, and that of its EnvSets."""
        return self.settings.after(self._own)

    @property
    def _own(self) -> Environment:
        steps = {"PATH": Step(PREPEND, str(self.scripts), OURS)}
        steps["VIRTUAL_ENV"] = Step(SET, str(self.folder), OURS)
        if (self.folder.parent / "workspace.toml").exists():
            steps["PIPL_WORKSPACE"] = Step(SET, str(self.folder.parent), OURS)
        return Environment({name: Variable([step]) for name, step in steps.items()})

    def variables(self, *, settled: bool = True) -> dict[str, str]:
        """Return the variables of a process in the activated environment.

        Args:
            settled: With what its EnvSets set.
        """
        variables = dict(os.environ if self.base is None else self.base)
        # They would bring packages, or the workspace, of elsewhere.
        for name in ("PYTHONHOME", "PYTHONPATH", "PIPL_WORKSPACE"):
            variables.pop(name, None)
        variables.setdefault("PATH", os.defpath)
        return (self.whole if settled else self._own).applied_to(variables)

    def script(self, format: str) -> str:
        """Return a script that sets everything that activating the environment does.

        Args:
            format: Name of the format: `bash`, `zsh`, `fish`, `powershell`, `cmd`, `json`, or one
                that a packl in the environment gives.

        Raises:
            NotFoundError: The environment does not stand, or has no EnvSets to write them.
            CoreError: There is no such format; the context says which ones there are.
        """
        self.check()
        if not self.has("pipl_envset"):
            msg = f"The environment {self.folder} cannot write scripts, without pipl-envset."
            raise NotFoundError(msg, hint="Install it: `pipl work install pipl-envset`.")
        # Not activated, so that values are computed from those of whoever asks.
        arguments = ["-I", "-m", "pipl_envset", "export", format]
        base = dict(os.environ if self.base is None else self.base)
        done = self.run_python(arguments, quiet=True, variables=base, given=self.whole.to_text())
        if done.returncode != 0:
            msg = f"The environment cannot be written in the format {format!r}."
            raise CoreError(msg, context=(done.stderr or "").strip())
        return done.stdout

    def launch(self, command: Sequence[str], where: str) -> tuple[list[str], dict[str, str]]:
        """Return how to run a command in the activated environment, without running it.

        Args:
            command: The command.
            where: What to call the environment in an error.

        Returns:
            Arguments with the program's whole path, and variables.

        Raises:
            NotFoundError: There is no such program.
        """
        self.check()
        variables = self.variables()
        program = shutil.which(command[0], path=variables["PATH"])
        if program is None:
            msg = f"There is no command {command[0]!r} in {where}."
            raise NotFoundError(msg, hint="`pipl task commands` lists those of its task.")
        return [program, *command[1:]], variables

    def run_python(
        self,
        arguments: Sequence[str],
        *,
        quiet: bool = False,
        said: Progress | None = None,
        variables: Mapping[str, str] | None = None,
        given: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the environment's Python, activated, and wait for it.

        Args:
            arguments: Its arguments.
            quiet: Keep what it prints, instead of showing it; what `PIPL_TRACE=hooks` prints is
                shown nevertheless.
            said: Called with each line of its output as soon as it comes; nothing is given then.
            variables: Its variables; those of the activated environment where None.
            given: Its input; none where None.

        Raises:
            NotFoundError: The environment does not stand.
        """
        self.check()
        if said is not None:
            return self._run_listening([str(self.python), *arguments], said, variables)
        return subprocess.run(
            [str(self.python), *arguments],
            check=False,
            encoding="utf-8",
            errors="surrogateescape" if given is not None else "replace",
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.PIPE if quiet and not traced("hooks") else None,
            env=self.variables() if variables is None else dict(variables),
            input=given or "",
        )

    def _run_listening(
        self,
        command: Sequence[str],
        said: Progress,
        variables: Mapping[str, str] | None,
    ) -> subprocess.CompletedProcess[str]:
        # Errors go to a file: a second pipe that nobody reads meanwhile could fill up. What
        # `PIPL_TRACE=hooks` prints is shown as it comes.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            with subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=None if traced("hooks") else errors,
                encoding="utf-8",
                errors="replace",
                env=self.variables() if variables is None else dict(variables),
            ) as process:
                lines = []
                for line in process.stdout or ():
                    lines.append(line)
                    said(line.rstrip("\n"))
            errors.seek(0)
            out, err = "".join(lines), errors.read()
            return subprocess.CompletedProcess(command, process.returncode, out, err)

    def ask(
        self,
        verb: str,
        *arguments: str,
        log: Progress = lambda _: None,
        said: Progress | None = None,
    ) -> Any:  # noqa: ANN401  plain data, which differs by verb
        """Ask the pipeline framework in the environment, see `python -m pipl_pipe --help`.

        Args:
            verb: The question.
            arguments: Its arguments.
            log: Called with each line that packls printed meanwhile, at the end.
            said: Called with each line that was printed, as soon as it is.

        Returns:
            The answer, as plain data.

        Raises:
            CoreError: The framework's own error, or it is not installed.
        """
        with tempfile.TemporaryDirectory(prefix="pipl-") as folder:
            answer = Path(folder) / "answer.json"
            command = ["-m", "pipl_pipe", "--answer", str(answer), verb, *arguments]
            done = self.run_python(command, quiet=True, said=said)
            complaint = done.stderr or ""
            for line in (done.stdout + complaint).splitlines():
                log(f"  {line}")
            if not answer.exists():
                msg = "The pipeline in this workspace could not answer."
                context = complaint.strip()[-3000:] or f"It ended with {done.returncode}."
                hint = "Is pipl-pipe installed? `pipl work sync` installs what the workspace needs."
                raise CoreError(msg, context=context, hint=hint)
            try:
                data = json.loads(answer.read_text(encoding="utf-8"))
                error = shapes.table(data["error"], "error") if done.returncode != 0 else None
            except (OSError, ValueError, KeyError, TypeError, RecursionError) as damage:
                msg = "The pipeline in this workspace gave an answer that makes no sense."
                context = f"{damage!r:.500}\n{complaint.strip()[-2500:]}".strip()
                hint = "Does a packl there write into pipl's own answers?"
                raise CoreError(msg, context=context, hint=hint) from damage
        if error is not None:
            message = str(error.get("message", "The pipeline in this workspace failed."))
            raise CoreError(message, context=error.get("context"), hint=error.get("hint"))
        return data

    def _installer(self) -> Installer:
        name = self.project.config.installer
        installer: Installer | None = plugins().ask("pipl_installer", name=name)
        if installer is None:
            msg = f"No plugin gives the installer {name!r}, which the project's pipl.toml names."
            raise InstallError(msg, hint="pipl itself has uv and pip.")
        return installer


def interpreter_version(python: str | None) -> tuple[int, int, int]:
    """Return the version of an interpreter, without making anything with it.

    Args:
        python: A path, or a version such as `3.11`; that of the tool where None.

    Raises:
        CoreError: There is no such interpreter.
    """
    import virtualenv

    if python is None:
        return sys.version_info[:3]
    with tempfile.TemporaryDirectory(prefix="pipl-") as folder:
        try:
            session = virtualenv.session_via_cli(
                [folder, "--quiet", "--no-seed", "--no-periodic-update", "--python", python],
                setup_logging=False,
            )
        except (RuntimeError, SystemExit) as error:
            msg = f"There is no Python {python!r} here."
            raise CoreError(msg, context=str(error), hint=_PYTHON_HINT) from error
    version = session.interpreter.version_info
    return version.major, version.minor, version.micro


def check_no_address(requirement: str) -> None:
    """Make sure that a requirement names a packl in the project's index, or a wheel of ours.

    Raises:
        InstallError: It names an address, from which anything could come.
    """
    if requirement.endswith(".whl") and Path(requirement).is_file():
        return
    check_requirement(requirement)
