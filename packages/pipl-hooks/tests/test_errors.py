from __future__ import annotations

import pytest

from pipl_hooks import FormatError, PiplError, PluginError


@pytest.mark.parametrize(
    ("context", "hint", "text"),
    [
        (None, None, "It broke."),
        ("Why.", None, "It broke.\nWhy."),
        (None, "Mend it.", "It broke.\nMend it."),
        ("Why.", "Mend it.", "It broke.\nWhy.\nMend it."),
    ],
)
def test_an_error_is_its_message_context_and_hint(context, hint, text):
    error = PiplError("It broke.", context=context, hint=hint)
    assert (error.message, error.context, error.hint) == ("It broke.", context, hint)
    assert str(error) == text


@pytest.mark.parametrize("kind", [FormatError, PluginError])
def test_every_error_is_a_pipl_error(kind):
    assert isinstance(kind("x"), PiplError)
