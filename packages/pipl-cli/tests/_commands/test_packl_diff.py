"""`pipl packl diff` against a real server."""

import json

import pytest

from pipl_testing import release_wheel, write_wheel

pytestmark = pytest.mark.slow

HISTORY = (
    '{"action": "add", "comment": "for the neck", "changes": {}, "user": "ann", '
    '"time": "2026-03-01T10:00:00+00:00", "format": 1}\n'
)
ASSET = (
    '{{"format": 1, "assets": [{{"name": "geo", "type": "usd", "revision": "{}", '
    '"digest": "sha256:{}", "size": {}, "files": 1}}]}}'
)
LOCK = 'packages = [{{ name = "neck-lib", version = "{}" }}]\n'


@pytest.fixture(scope="session")
def compared(running, tmp_path_factory):
    """Two releases of a packl."""
    folder = tmp_path_factory.mktemp("compared")
    old = write_wheel(
        folder,
        "compared_rig",
        "1.0",
        requires=["spine>=1", "neck-lib<2"],
        headers=["Summary: A rig"],
        data={"assets.json": ASSET.format("1.0", "0" * 64, 7), "pylock.toml": LOCK.format("1.0")},
    )
    new = write_wheel(
        folder,
        "compared_rig",
        "1.1",
        code="NECKS = 2\n",
        requires=["bone", "neck-lib<3"],
        headers=["Summary: A rig with a neck"],
        data={
            "assets.json": ASSET.format("1.1", "1" * 64, 9),
            "pylock.toml": LOCK.format("1.5"),
            "history.jsonl": HISTORY,
        },
    )
    for wheel in (old, new):
        release_wheel(running, wheel)


def test_shows_what_changed(pipl, project, compared):
    result = pipl("packl", "diff", "compared_rig", "1.0", "1.1")
    assert (result.status, result.err) == (0, "")
    assert result.out == (
        "compared-rig 1.0 -> 1.1\n"
        "metadata\n"
        "  ~ summary A rig -> A rig with a neck\n"
        "depends on\n"
        "  + bone any version\n"
        "  ~ neck-lib <2 -> <3\n"
        "  - spine >=1\n"
        "lock\n"
        "  ~ neck-lib 1.0 -> 1.5\n"
        "Assets\n"
        "  ~ geo (usd, 1.0, 7 bytes) -> (usd, 1.1, 9 bytes)\n"
        "code: 1 file, 0 bytes -> 1 file, 10 bytes\n"
        "  ~ compared_rig/__init__.py (0 bytes) -> (10 bytes)\n"
        "history\n"
        "  2026-03-01T10:00:00+00:00  ann  add  for the neck\n"
    )
    assert pipl("packl", "diff", "compared-rig==1.0", "Compared_Rig==1.1").out == result.out
    data = json.loads(pipl("packl", "diff", "compared_rig", "1.0", "1.1", "--json").out)
    assert data["lock"] == [{"what": "neck-lib", "before": "1.0", "after": "1.5"}]
    assert (data["code_size"], data["code_files"]) == ([0, 10], [1, 1])
    assert data["assets"][0]["before"]["revision"] == "1.0"


def test_of_a_version_with_itself_is_nothing(pipl, project, compared):
    result = pipl("packl", "diff", "compared_rig", "1.0", "1.0")
    assert (result.status, result.out) == (0, "compared-rig 1.0 -> 1.0\n")
    assert result.err == "Nothing differs.\n"


def test_with_the_edition(pipl, workspace, running, tmp_path, monkeypatch):
    assert pipl("packl", "create", "edited_rig").status == 0
    folder = workspace.folder / "packls" / "edited_rig"
    missing = pipl("packl", "diff", "edited_rig")
    assert missing.status == 1
    assert missing.err.startswith("error: The project has no packl 'edited_rig'.\n")
    release_wheel(running, write_wheel(tmp_path, "edited_rig", "0.0.1"))
    (folder / "src" / "edited_rig" / "extra.py").write_text("X = 1\n")
    for words in (("edited_rig", "0.0.1"), ("edited-rig==0.0.1",), ("edited_rig",)):
        result = pipl("packl", "diff", *words)
        assert (result.status, result.err) == (0, "")
        assert result.out.startswith("edited_rig 0.0.1 -> 0.1.0\n")
        assert "  + edited_rig/extra.py (6 bytes)\n" in result.out
    monkeypatch.chdir(folder)
    assert pipl("packl", "diff").out == result.out


@pytest.mark.parametrize(
    "words",
    [
        ("rig==1.0", "other==1.1"),
        ("rig==1.0", "1.1"),
        ("rig==", "rig==1.0"),
        ("rig", "1.0", "1.1", "1.2"),
    ],
)
def test_wrong_usage(pipl, silent, words):
    result = pipl("packl", "diff", *words)
    assert (result.status, result.out) == (2, "")
    assert "Error: Name two " in result.err


def test_of_unknown_versions(pipl, project, compared):
    result = pipl("packl", "diff", "compared_rig", "1.0", "7")
    assert (result.status, result.err) == (
        1,
        "error: The project has no compared_rig 7.\nhint: It has: 1.0, 1.1.\n",
    )
    result = pipl("packl", "diff", "compared_rig", "1.0", "newest")
    assert result.err.startswith("error: 'newest' is no version.\n")
