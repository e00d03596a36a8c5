"""What a project's server tells of: files that arrive in an index, and yanks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from . import shapes
from .errors import FormatError

FORMAT = 1
"""Version of the event feed's format."""

ARRIVALS = frozenset({"upload", "push"})
"""Kinds of event that bring a file. Followers ignore the kinds that they do not know."""


@dataclass(frozen=True)
class EventFile:
    """A file that arrived, or was yanked.

    Attributes:
        name: File name, `char_hero_rig-2.1-py3-none-any.whl`.
        path: Path on the server, without a leading slash.
        digest: `sha256:` and the hexadecimal digest.
        size: Bytes.
    """

    name: str
    path: str
    digest: str
    size: int


@dataclass(frozen=True)
class Event:
    """One arrival of one file in one index, or one change of its yank there.

    Attributes:
        id: Position in the feed, from 1, without gaps.
        serial: The server's serial of the transaction.
        kind: `upload` or `push` for an arrival; `yank`, or `unyank` when that is taken back.
        index: Index in which it happened, `root/submitted`.
        project: Normalized name of the packl.
        version: Version of the packl.
        file: The file.
        user: Who did it, where that is known.
        source: Index from which it was pushed.
        time: ISO 8601, UTC.
        reason: Why it was yanked.
    """

    id: int
    serial: int
    kind: str
    index: str
    project: str
    version: str
    file: EventFile
    user: str | None
    source: str | None
    time: str
    reason: str | None = None

    @property
    def is_arrival(self) -> bool:
        """Whether the file arrived with it."""
        return self.kind in ARRIVALS

    def to_json(self) -> dict[str, Any]:
        """Return the event as plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Event:
        """Read an event from plain data, ignoring fields that later versions add.

        Raises:
            FormatError: A field is missing or has the wrong shape.
        """
        try:
            file = EventFile(
                **{name: data["file"][name] for name in EventFile.__dataclass_fields__}
            )
            own = {"reason": None, **data}  # servers before the first yank tell of none
            own = {name: own[name] for name in cls.__dataclass_fields__ if name != "file"}
            event = cls(file=file, **own)
            _check(event)
        except (KeyError, TypeError, ValueError) as error:
            msg = "The server's event feed has an event that cannot be read."
            raise FormatError(msg, context=f"{error!r} in {data!r:.400}") from error
        return event


def _check(event: Event) -> None:
    for name, value in {**vars(event), **vars(event.file)}.items():
        if name in {"id", "serial", "size"}:
            shapes.number(value, name)
        elif name != "file" and not (value is None and name in {"user", "source", "reason"}):
            shapes.text(value, name)
    for name in (event.file.name, event.file.path.rpartition("/")[2]):
        # It becomes a file in the folder of a run.
        if not name.strip(".") or any(char in name for char in "/\\:\0"):
            msg = f"{name!r:.100} is no name of a file"
            raise ValueError(msg)
