"""What a wheel says of itself, and the cache of that."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict

import pytest

from pipl_core._wheel_facts import FactsCache, WheelFacts, facts_of
from pipl_testing import write_wheel

INFO = 'format = 1\nkind = "task"\ntype = "anim"\n\n[entity]\nshot = "sh010"\n'
DIGEST = "sha256:ab" + "0" * 62
FACTS = WheelFacts(
    size=7,
    requires=("rig>=2",),
    requires_python=">=3.9",
    provides_extra=("edit",),
    summary="A rig",
    kind="task",
    type="anim",
    entity={"shot": "sh010"},
    entry_points={"pipl_pipe.task": ("shot",)},
)


class TestFacts:
    def test_are_those_of_the_wheel(self, tmp_path):
        wheel = write_wheel(
            tmp_path,
            "shot_anim",
            requires=["rig>=2,<3", 'viewer ; extra == "edit"'],
            headers=["Requires-Python: >=3.9", "Provides-Extra: edit"],
            entry_points={"pipl_pipe.task": {"shot_anim": "shot_anim:TASK"}, "x": {"b": "c"}},
            data={"packl.toml": INFO},
        )
        assert facts_of(wheel) == WheelFacts(
            size=wheel.stat().st_size,
            requires=("rig>=2,<3", 'viewer ; extra == "edit"'),
            requires_python=">=3.9",
            provides_extra=("edit",),
            kind="task",
            type="anim",
            entity={"shot": "sh010"},
            entry_points={"pipl_pipe.task": ("shot_anim",), "x": ("b",)},
        )

    def test_of_what_is_no_packl_have_no_kind(self, tmp_path):
        wheel = tmp_path / "other-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            text = "Metadata-Version: 2.1\nName: other\nVersion: 1.0\nSummary: Another\n"
            archive.writestr("other-1.0.dist-info/METADATA", text)
        assert facts_of(wheel) == WheelFacts(size=wheel.stat().st_size, summary="Another")

    @pytest.mark.parametrize(
        ("content", "problem"),
        [(b"", "BadZipFile: File is not a zip file"), (b"PK", "BadZipFile: ")],
    )
    def test_of_a_damaged_wheel_say_so(self, tmp_path, content, problem):
        wheel = tmp_path / "broken.whl"
        wheel.write_bytes(content)
        assert facts_of(wheel).problem.startswith(problem)

    def test_of_an_archive_without_metadata_say_so(self, tmp_path):
        wheel = tmp_path / "empty.whl"
        with zipfile.ZipFile(wheel, "w"):
            pass
        assert facts_of(wheel) == WheelFacts(size=22, problem="It has no METADATA.")

    def test_of_a_later_format_say_so(self, tmp_path):
        wheel = write_wheel(tmp_path, "later", data={"packl.toml": "format = 2\n"})
        assert facts_of(wheel).problem == (
            "Format 2 of packl.toml is not known here.\nThis pipl knows format 1."
        )

    def test_survive_json(self):
        assert WheelFacts.from_json(json.loads(json.dumps(asdict(FACTS)))) == FACTS


class TestCache:
    def test_keeps_facts(self, tmp_path):
        assert FactsCache(tmp_path).get(DIGEST) is None
        FactsCache(tmp_path).keep({DIGEST: FACTS})
        FactsCache(tmp_path).keep({DIGEST.replace("00", "01"): WheelFacts()})
        assert FactsCache(tmp_path).get(DIGEST) == FACTS
        assert [path.name for path in tmp_path.iterdir()] == ["ab.json"]

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"%s": {}}', '{"%s": 1}', "[" * 20000])
    def test_that_is_damaged_knows_nothing_and_is_mended(self, tmp_path, text):
        (tmp_path / "ab.json").write_text(text.replace("%s", DIGEST))
        cache = FactsCache(tmp_path)
        assert cache.get(DIGEST) is None
        cache.keep({DIGEST: FACTS})
        assert FactsCache(tmp_path).get(DIGEST) == FACTS

    def test_that_cannot_be_written_is_no_error(self, tmp_path):
        (tmp_path / "file").write_text("")
        cache = FactsCache(tmp_path / "file")
        cache.keep({DIGEST: FACTS})
        assert cache.get(DIGEST) == FACTS
