"""What changed between two versions of a packl, from their wheels."""

from __future__ import annotations

import contextlib

import pytest

from pipl_core import NotFoundError, PacklError
from pipl_core.catalogue import catalogue_of
from pipl_core.contents import CodeFile, content_of, edited_content
from pipl_core.differences import Change, compare_releases, compare_with_edition, differences
from pipl_core.history import Edit
from pipl_hooks import AssetReference, PacklInfo
from pipl_hooks.assets import references_to_text
from pipl_testing import release_wheel, write_wheel

pytestmark = pytest.mark.needs_tools

DIGEST = f"sha256:{'0' * 64}"
CREATED = Edit("create", "", {}, "ann", "2026-03-01T10:00:00+00:00")
ADDED = Edit("add", "needs a neck", {}, "bob", "2026-03-02T10:00:00+00:00")
LOCK = 'lock-version = "1.0"\ncreated-by = "uv"\n\n[[packages]]\nname = "neck"\nversion = "{}"\n'
INFO = 'format = 1\nkind = "task"\ntype = "anim"\n\n[entity]\nshot = "{}"\n'


@pytest.fixture
def content(tmp_path):
    """A function that gives what a version of `shot` holds."""

    def read(version, **arguments):
        wheel = write_wheel(tmp_path, "shot", version, **arguments)
        return content_of(wheel, "shot", version)

    return read


class TestContent:
    def test_is_what_the_wheel_holds(self, content):
        asset = AssetReference("scene", "usd", "1.0", DIGEST, 7, 1)
        read = content(
            "1.0",
            code="X = 1\n",
            data={
                "packl.toml": INFO.format("sh010"),
                "pylock.toml": LOCK.format("1.5"),
                "history.jsonl": CREATED.to_line() + ADDED.to_line(),
                "assets.json": references_to_text([asset]),
            },
        )
        assert read.facts.kind == "task"
        assert read.lock == {"neck": "1.5"}
        assert read.assets == {"scene": asset}
        assert read.history == (CREATED, ADDED)
        assert read.code == {
            "shot/__init__.py": CodeFile(6, read.code["shot/__init__.py"].checksum)
        }

    @pytest.mark.parametrize(
        "text", ["[", "x = 1", "packages = [1]", 'packages = [{ name = "x" }]']
    )
    def test_with_a_broken_lock_is_an_error(self, content, text):
        with pytest.raises(PacklError) as error:
            content("1.0", data={"pylock.toml": text})
        assert error.value.message == "The lock of shot 1.0 cannot be read."

    def test_of_what_is_no_wheel_is_an_error(self, tmp_path):
        wheel = tmp_path / "shot-1.0-py3-none-any.whl"
        wheel.write_bytes(b"no wheel")
        with pytest.raises(PacklError) as error:
            content_of(wheel, "shot", "1.0")
        assert error.value.message == "The wheel of shot 1.0 cannot be read."

    def test_in_edition_is_what_would_be_published(self, throw_away_packl, tmp_path):
        info = PacklInfo("task", "anim", {"shot": "sh010"})
        packl = throw_away_packl(tmp_path, "shot", info=info, dependencies=["neck>=1"])
        read = edited_content(packl)
        assert (read.name, read.version, read.lock) == ("shot", "0.1.0", None)
        assert read.facts.requires == ("neck>=1",)
        assert dict(read.facts.entity) == {"shot": "sh010"}
        assert list(read.code) == ["shot/__init__.py"]


class TestDifferences:
    def test_of_the_same_are_none(self, content):
        found = differences(content("1.0"), content("1.0"))
        assert (found.before, found.after) == ("1.0", "1.0")
        assert (found.metadata, found.requirements, found.lock) == ((), (), ())
        assert (found.assets, found.code, found.history) == ((), (), ())

    def test_are_those_of_each_part(self, content):
        scene = AssetReference("scene", "usd", "1.0", DIGEST, 7, 1)
        again = AssetReference("scene", "usd", "1.1", DIGEST.replace("00", "01"), 9, 1)
        cache = AssetReference("cache", "abc", "1.0", DIGEST, 5, 2)
        found = differences(
            content(
                "1.0",
                code="X = 1\n",
                requires=["neck>=1", "spine", 'viewer ; extra == "edit"'],
                headers=["Summary: A shot", "Provides-Extra: edit"],
                entry_points={"pipl_pipe.task": {"shot": "shot:TASK"}},
                data={
                    "packl.toml": INFO.format("sh010"),
                    "pylock.toml": LOCK.format("1.5"),
                    "history.jsonl": CREATED.to_line(),
                    "assets.json": references_to_text([scene, cache]),
                },
            ),
            content(
                "1.1",
                code="X = 10\n",
                requires=[
                    "neck[skin]>=1,<2",
                    'bone ; os_name == "nt"',
                    'viewer>1 ; extra == "edit"',
                ],
                headers=["Summary: A better shot", "Requires-Python: >=3.9"],
                data={
                    "packl.toml": INFO.format("sh020"),
                    "pylock.toml": LOCK.format("1.6"),
                    "history.jsonl": CREATED.to_line() + ADDED.to_line(),
                    "assets.json": references_to_text([again]),
                },
            ),
        )
        assert found.metadata == (
            Change("entity shot", "sh010", "sh020"),
            Change("entry point shot of pipl_pipe.task", "", None),
            Change("extra edit", "", None),
            Change("requires-python", None, ">=3.9"),
            Change("summary", "A shot", "A better shot"),
        )
        assert found.requirements == (
            Change("bone", None, 'any version where os_name == "nt"'),
            Change("neck", ">=1", "[skin]<2,>=1"),
            Change("spine", "any version", None),
            Change("viewer [edit]", "any version", ">1"),
        )
        assert found.lock == (Change("neck", "1.5", "1.6"),)
        assert found.assets == (Change("cache", cache, None), Change("scene", scene, again))
        assert found.code == (Change("shot/__init__.py", 6, 7),)
        assert (found.code_size, found.code_files) == ((6, 7), (1, 1))
        assert found.history == (ADDED,)

    def test_show_code_of_the_same_size(self, content):
        found = differences(content("1.0", code="X = 1\n"), content("1.1", code="X = 2\n"))
        assert found.code == (Change("shot/__init__.py", 6, 6),)


@pytest.mark.slow
class TestInAProject:
    @pytest.fixture
    def there(self, running_project, tmp_path, unique):
        """The project, its catalogue, and the name of a packl with two releases."""
        name = unique("compared")
        for version, code in (("1.0", "X = 1\n"), ("1.1", "X = 22\n")):
            release_wheel(running_project, write_wheel(tmp_path, name, version, code=code))
        with contextlib.closing(catalogue_of(running_project)) as catalogue:
            yield running_project, catalogue, name

    def test_are_those_of_two_releases(self, there):
        found = compare_releases(*there, "v1.0", "1.1")
        assert (found.before, found.after) == ("1.0", "1.1")
        assert found.code == (Change(f"{there[2]}/__init__.py", 6, 7),)

    def test_are_those_of_the_edition(self, there, throw_away_packl, tmp_path):
        project, catalogue, name = there
        files = {f"src/{name}/__init__.py": "X = 1\n"}
        packl = throw_away_packl(tmp_path / "edition", name, version="1.2", files=files)
        found = compare_with_edition(project, catalogue, packl)
        assert (found.before, found.after) == ("1.1", "1.2")
        assert found.code == (Change(f"{name}/__init__.py", 7, 6),)
        assert compare_with_edition(project, catalogue, packl, "1.0").code == ()

    def test_of_what_does_not_exist_is_an_error(self, there):
        project, catalogue, name = there
        with pytest.raises(NotFoundError) as error:
            compare_releases(project, catalogue, name, "1.0", "7")
        assert error.value.message == f"The project has no {name} 7."
        assert error.value.hint == "It has: 1.0, 1.1."
        with pytest.raises(NotFoundError) as error:
            compare_releases(project, catalogue, "no-such-packl", "1.0", "7")
        assert error.value.message == "The project has no packl 'no-such-packl'."
        with pytest.raises(PacklError):
            compare_releases(project, catalogue, name, "1.0", "new")
