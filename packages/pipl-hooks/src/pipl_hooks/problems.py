"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import PiplError, PluginError
from .installed import one_line


@dataclass(frozen=True)
class Problem:
    """One thing that stands against a publication.

    Attributes:
        message: What is wrong, as one sentence.
        hint: What to do about it.
    """

    message: str
    hint: str | None = None


def problems_in(answer: object, who: str) -> list[Problem]:
    """Return what a check answered.

    Args:
        answer: Its answer.
        who: Who gave it, for the error: `The plugin x of studio_rules 1.0`.

    Raises:
        PluginError: These are no `Problem`s.
    """
    msg = f"{who} gave no list of problems."
    hint = 'A check returns for example [Problem("It is too big.", "Make it smaller.")].'
    try:
        found: list[object] = list(answer)  # type: ignore[call-overload]
    except PiplError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(msg, context=one_line(error), hint=hint) from error
    problems = [each for each in found if isinstance(each, Problem) and _is_readable(each)]
    for each in found:
        if each not in problems:
            raise PluginError(msg, context=f"It answered {each!r:.200}.", hint=hint)
    return problems


def _is_readable(problem: Problem) -> bool:
    texts: tuple[object, ...] = (problem.message, problem.hint or "")
    return all(isinstance(text, str) for text in texts)
