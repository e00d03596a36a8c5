"""`_packl/history.jsonl`: every managed edit of a packl, one line each."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipl_hooks import shapes

from .errors import PacklError

FORMAT = 1


@dataclass(frozen=True)
class Edit:
    """One managed edit.

    Attributes:
        action: The command that made it: `add`, `remove`, `bump`, …
        comment: Why, in the words of who did it.
        changes: What changed, each as `{"from": …, "to": …}`.
        user: Who did it.
        time: When, ISO 8601 in UTC.
        format: Version of this format.
    """

    action: str
    comment: str
    changes: Mapping[str, Mapping[str, Any]]
    user: str = field(default_factory=getpass.getuser)
    time: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    format: int = FORMAT

    def to_line(self) -> str:
        """Return the edit as one line of JSON, with its newline."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def edits_from_text(text: str, where: str) -> list[Edit]:
    """Read a history, the oldest edit first.

    Args:
        text: Lines of JSON.
        where: Path of the file, for errors.

    Raises:
        PacklError: A line cannot be read.
    """
    edits = []
    # Not `splitlines`: a comment may hold one of the further characters that Unicode ends lines with.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if data["format"] != FORMAT:
                msg = f"Line {number} of {where} has an unknown format: {data['format']!r:.100}."
                raise PacklError(msg, hint=f"This pipl knows format {FORMAT}; update pipl.")
            edits.append(_edit(data))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f"Line {number} of {where} cannot be read."
            raise PacklError(msg, context=repr(error), hint="Restore the file.") from error
    return edits


def _edit(data: Mapping[str, Any]) -> Edit:
    changes = {
        key: {"from": change["from"], "to": change["to"]}
        for key, change in shapes.tables(data["changes"], "changes").items()
    }
    action, comment, user, time = (
        shapes.text(data[key], key) for key in ("action", "comment", "user", "time")
    )
    return Edit(action, comment, changes, user, time)
