"""The handler `qa`: installs what arrived into a clean environment, and checks it there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipl_core.plugins import plugins
from pipl_hooks import Outcome, QaCheck

from ._clean import ArrivedPackl, clean_environment, fetch

if TYPE_CHECKING:
    from pipl_core.environments import VirtualEnvironment
    from pipl_hooks import RunRequest

PROBE = str(Path(__file__).with_name("_probe.py"))

OWN_CHECKS = (
    QaCheck("it imports", ("-I", PROBE, "imports", "{module}")),
    QaCheck("its entry points load", ("-I", PROBE, "entry-points", "{name}")),
    QaCheck("its plugins register", ("-I", PROBE, "plugins", "{name}")),
    QaCheck("it has no editor", ("-I", PROBE, "no-extra", "{name}", "edit")),
)


class QaHandler:
    """Tests a packl before it goes on."""

    def handle(self, request: RunRequest) -> Outcome:
        """Install the packl, and run every check; all of them, so that people see all at once."""
        packl = fetch(request)
        environment = clean_environment(request, packl)
        passed: list[str] = []
        failed: list[str] = []
        for check in _checks(packl):
            ok = self._run(check, request, packl, environment)
            (passed if ok else failed).append(check.name)
        if packl.has_assets:
            damage = environment.ask("verify", packl.module)
            for line in damage:
                request.log(f"  {line}")
            request.log(f"{'FAILED' if damage else 'ok'}: its Assets verify")
            (failed if damage else passed).append("its Assets verify")
        if failed:
            return Outcome(passed=False, summary=f"Failed: {', '.join(failed)}.")
        return Outcome(passed=True, summary=f"It installs; {', '.join(passed)}.")

    def _run(
        self,
        check: QaCheck,
        request: RunRequest,
        packl: ArrivedPackl,
        environment: VirtualEnvironment,
    ) -> bool:
        words = {"{name}": request.name, "{module}": packl.module}
        arguments = [words.get(argument, argument) for argument in check.arguments]
        done = environment.run_python(arguments, quiet=True)
        request.log(f"{'ok' if done.returncode == 0 else 'FAILED'}: {check.name}")
        for line in (done.stdout + done.stderr).splitlines():
            request.log(f"  {line}")
        return done.returncode == 0


def _checks(packl: ArrivedPackl) -> list[QaCheck]:
    further = [check for answer in plugins().ask("pipl_qa_checks") for check in answer]
    return [c for c in (*OWN_CHECKS, *further) if not c.kinds or packl.info.kind in c.kinds]
