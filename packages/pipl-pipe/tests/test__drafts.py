from __future__ import annotations

import pytest

from pipl_pipe import Draft, PipelineError


@pytest.fixture
def draft(types, tmp_path):
    from poem_types import PoemProduct

    return Draft("sh010_poem", PoemProduct, tmp_path / "out", {"shot": "sh010"})


def test_a_draft_says_where_to_write(draft, tmp_path):
    path = draft.path("text")
    assert path == tmp_path / "out" / "text" / "sh010_poem_text.txt"
    assert path.parent.is_dir()


def test_what_was_written_is_described(draft):
    draft.path("text").write_text("roses")
    assert draft.written() == {"text": draft.path("text")}
    assert draft.to_json() == {
        "name": "sh010_poem",
        "type": "poem",
        "target": "poem_types:PoemProduct",
        "type_packl": "poem-types",
        "type_version": "1.4.2",
        "entity": {"shot": "sh010"},
        "requires": [],
        "assets": {"text": {"type": "text", "path": str(draft.path("text"))}},
    }


def test_what_was_not_written_is_an_error(draft):
    with pytest.raises(PipelineError) as error:
        draft.written()
    assert error.value.message == "The export did not write the Asset 'text' of sh010_poem."
    assert error.value.context == f"There is nothing at {draft.path('text')}."


def test_an_asset_that_the_type_does_not_have_is_an_error(draft):
    with pytest.raises(PipelineError) as error:
        draft.path("music")
    assert error.value.message == "The Product type 'poem' has no Asset 'music'."
    assert error.value.hint == "It has: text, notes."
