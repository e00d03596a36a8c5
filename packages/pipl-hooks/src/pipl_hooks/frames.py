"""Frames of a file sequence, in the notation of fileseq: `1001-1010#`, `1-9x2,20@@@`.

fileseq itself (https://github.com/justinfx/fileseq) is not needed where this is read or written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import gcd

from .errors import FormatError

MOST_FRAMES = 1_000_000
"""More than that, in a text from outside, is a mistake or an attack."""

_HASH = 4
"""Digits that a `#` stands for; an `@` stands for one."""

# How fileseq splits the name of a file on disk (its constant DISK_PATTERN).
_FILE = re.compile(r"(.*?)(-?[0-9]{1,18})((?:\.\w*[a-zA-Z]\w?)*(?:\.[^.]+)?)\Z", re.DOTALL)
_RANGE = re.compile(r"(-?[0-9]{1,18})(?:-(-?[0-9]{1,18})(?:x([0-9]{1,18}))?)?\Z")
_TEXT = re.compile(r"([^#@]+)(#+|@+)\Z")


@dataclass(frozen=True)
class Frames:
    """The frames of a sequence.

    Attributes:
        numbers: The frames, in ascending order, each once.
        width: Digits to which a shorter number is padded with zeros, its sign included.
    """

    numbers: tuple[int, ...]
    width: int

    def __str__(self) -> str:
        """Write the frames as fileseq does: `1001-1010#`."""
        return ",".join(_ranges(self.numbers)) + _padding(self.width)

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[int]:
        """Go through the frames."""
        return iter(self.numbers)

    def text(self, number: int) -> str:
        """Write one frame as it stands in the name of its file: `0042`."""
        return f"{number:0{self.width}d}"

    @property
    def missing(self) -> str:
        """Frames that are left out between the first and the last, `1004-1005`; empty where none.

        A sequence of every second frame lacks none; its step is the largest that all frames fit.
        """
        gaps = list(zip(self.numbers, self.numbers[1:]))
        step = gcd(*(after - before for before, after in gaps))
        found: list[str] = []
        for before, after in gaps:
            if after - before > step:
                found += _range(before + step, after - step, step)
        return ",".join(found)

    @classmethod
    def parse(cls, text: str) -> Frames:
        """Read frames as they are written by `str`.

        Raises:
            FormatError: The text names no frames.
        """
        found = _TEXT.match(text)
        if found is None:
            raise _unreadable(text)
        numbers: set[int] = set()
        for part in found[1].split(","):
            match = _RANGE.match(part)
            step = int(match[3] or 1) if match else 0
            if match is None or step == 0:
                raise _unreadable(text)
            first = int(match[1])
            frames = range(first, int(match[2] or first) + 1, step)
            if not frames or len(frames) > MOST_FRAMES - len(numbers):
                raise _unreadable(text)
            numbers.update(frames)
        width = len(found[2]) * (_HASH if found[2][0] == "#" else 1)
        return cls(tuple(sorted(numbers)), width)


@dataclass(frozen=True)
class NumberedFiles:
    """The files of one sequence.

    Attributes:
        base: What comes before the number: `sh010_beauty.`.
        frames: The frames.
        suffix: What comes after it: `.exr`.
    """

    base: str
    frames: Frames
    suffix: str

    def __str__(self) -> str:
        """Write the sequence as fileseq does: `sh010_beauty.1001-1010#.exr`."""
        return f"{self.base}{self.frames}{self.suffix}"

    def name(self, number: int) -> str:
        """Return the name of the file of one frame."""
        return f"{self.base}{self.frames.text(number)}{self.suffix}"


def numbered_files(names: Iterable[str]) -> NumberedFiles:
    """Read the one sequence that files make.

    The number stands in front of the suffixes; with a `-` before it, it is negative, as for fileseq.

    Args:
        names: Names of all its files.

    Raises:
        FormatError: A file has no number, or they are not the files of one sequence.
    """
    msg = "These files are not one sequence."
    numbers: dict[int, str] = {}
    first: tuple[str, str, str] | None = None
    for name in sorted(names):
        found = _FILE.match(name)
        if found is None or "/" in name:
            hint = "Name each <name>.<frame>.<suffix>, and put nothing beside them."
            raise FormatError(msg, context=f"{name!r:.200} has no frame.", hint=hint)
        base, digits, suffix = found.groups()
        first = first or (base, suffix, name)
        if (base, suffix) != first[:2]:
            hint = "Give each sequence an Asset of its own, or use an Asset of the shape folder."
            context = f"{first[2]!r:.200} and {name!r:.200} differ in more than the frame."
            raise FormatError(msg, context=context, hint=hint)
        other = numbers.setdefault(int(digits), digits)
        if other != digits:
            raise _mixed(f"{base}{other}{suffix}", name)
    if first is None:
        raise FormatError(msg, context="There are no files.")
    width = min(map(len, numbers.values()))
    frames = Frames(tuple(sorted(numbers)), width)
    for number, digits in numbers.items():
        if digits != frames.text(number):
            shortest = next(text for text in numbers.values() if len(text) == width)
            raise _mixed(f"{first[0]}{shortest}{first[1]}", f"{first[0]}{digits}{first[1]}")
    return NumberedFiles(first[0], frames, first[1])


def _mixed(one: str, other: str) -> FormatError:
    return FormatError(
        "These files are not one sequence.",
        context=f"{one!r:.200} and {other!r:.200} pad the frame differently.",
        hint="Write all frames with the same number of digits.",
    )


def _unreadable(text: str) -> FormatError:
    msg = f"{text!r:.200} names no frames."
    return FormatError(msg, hint="Write them as fileseq does: 1001-1010#, or 1-9x2@@@.")


def _padding(width: int) -> str:
    return "#" * (width // _HASH) if width % _HASH == 0 else "@" * width


def _ranges(numbers: tuple[int, ...]) -> list[str]:
    """Gather numbers into ranges; where two steps are possible, the way in which fileseq does."""
    found: list[str] = []
    start = 0
    while start < len(numbers):
        end = start + 1
        step = numbers[end] - numbers[start] if end < len(numbers) else 1
        while end < len(numbers) and numbers[end] - numbers[end - 1] == step:
            end += 1
        if end - start == 2 and step != 1:  # noqa: PLR2004  two frames make no step
            end -= 1
        found += _range(numbers[start], numbers[end - 1], step)
        start = end
    return found


def _range(first: int, last: int, step: int) -> list[str]:
    if first == last:
        return [str(first)]
    if step == 1:
        return [f"{first}-{last}"]
    return [str(first), str(last)] if last - first == step else [f"{first}-{last}x{step}"]
