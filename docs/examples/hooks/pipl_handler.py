"""A stage that waits for the supervisor: `handler = "approval"` in pipl.toml."""

from __future__ import annotations

from pipl_hooks import Handler, Outcome, RunRequest, hookimpl


class ApprovalHandler:
    """Lets pass what the file `approved.txt` of the project names."""

    def handle(self, request: RunRequest) -> Outcome:
        """Look into the file."""
        approved = (request.project / "approved.txt").read_text(encoding="utf-8").split()
        if f"{request.name}=={request.version}" in approved:
            return Outcome(passed=True, summary="Approved.")
        return Outcome(passed=False, summary="Nobody has approved it yet.")


@hookimpl
def pipl_handler(name: str) -> Handler | None:
    """Give the handler `approval`."""
    return ApprovalHandler() if name == "approval" else None
