"""Plain data has the shape that is asked for, or the error says what it is instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import shapes

GOOD = [
    (shapes.text, ""),
    (shapes.texts, ["a", ""]),
    (shapes.number, 2**63 - 1),
    (shapes.table, {"a": 1}),
    (shapes.tables, {"a": {"b": 1}}),
    (shapes.text_table, {"a": "b"}),
    (shapes.rows, [{"a": 1}]),
]
WORDS = {
    shapes.text: "a text",
    shapes.texts: "a list of texts",
    shapes.number: "a whole number",
    shapes.table: "a table",
    shapes.tables: "a table of tables",
    shapes.text_table: "a table of texts",
    shapes.rows: "a list of tables",
}


@pytest.mark.parametrize(("shape", "value"), GOOD)
def test_what_has_the_shape_is_returned(shape, value):
    assert shape(value, "it") is value


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (shapes.text, None),
        (shapes.texts, "abc"),
        (shapes.texts, ["a", 1]),
        (shapes.number, True),
        (shapes.number, 1.0),
        (shapes.table, []),
        (shapes.tables, {"a": 1}),
        (shapes.text_table, {"a": 1}),
        (shapes.rows, {"a": {}}),
        (shapes.rows, [[]]),
    ],
)
def test_what_has_another_shape_is_named(shape, value):
    with pytest.raises(TypeError) as error:
        shape(value, "it")
    assert str(error.value) == f"it should be {WORDS[shape]}, not {value!r}"


@pytest.mark.parametrize("value", [-1, 2**63, -(10**30)])
def test_a_number_has_a_range(value):
    with pytest.raises(ValueError, match="it should be ") as error:
        shapes.number(value, "it")
    assert str(error.value) == f"it should be from 0 to 9223372036854775807, not {value}"
    with pytest.raises(ValueError, match=r"\Ait should be 3, not "):
        shapes.number(value, "it", 3, 3)


@given(st.data())
def test_an_error_stays_short(spoiled, data):
    value = data.draw(spoiled(["x" * 1000, {"y" * 1000: "z" * 1000}]))
    for shape in WORDS:
        try:
            assert shape(value, "it") is value
        except (TypeError, ValueError) as error:
            assert len(str(error)) < 200  # noqa: PT017  any shape may raise, or not
