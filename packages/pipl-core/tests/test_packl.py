"""A packl's folder and its managed edits; no server, no environment."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import ConflictError, CoreError, NotFoundError, Packl, PacklError
from pipl_core.dependencies import _dependency_list, _put, _requirement
from pipl_hooks import FormatError, PacklInfo

PERSON = """\
# The rig of the hero. Ask Bob first!
[build-system]
requires = [ "hatchling" ]   # nothing else
build-backend = "hatchling.build"

[project]
version    = "1.2.0"   # see the wiki
name = 'char-rig'
dependencies = [
    # the neck
    "char_neck >=2, <3",

    'spine',  # as is
]

[tool.studio]
colour = "blue"
"""


@pytest.fixture
def packl(throw_away_packl, tmp_path):
    made = throw_away_packl(tmp_path, "char-rig", files={"pyproject.toml": PERSON})
    made.file.write_text(PERSON)
    return made


class TestReading:
    def test_a_packl_is_its_metadata(self, packl, tmp_path):
        assert (packl.name, packl.version, packl.module) == ("char-rig", "1.2.0", "char_rig")
        assert packl.data_folder == tmp_path / "char_rig" / "src" / "char_rig" / "_packl"
        assert packl.info == PacklInfo("code")
        assert packl.references == {}
        assert packl.history == []
        assert list(map(str, packl.requirements())) == ["char_neck<3,>=2", "spine"]
        assert packl.requirements("edit") == []

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[project", "{file} is not valid TOML."),
            (b"\xff\xfe", "{file} is not valid TOML."),
            ("", "{file} has no 'project' in [project]."),
            ("[project]\nname = 'a'", "{file} has no 'version' in [project]."),
            ("[project]\nname = 5\nversion = '1'", "name in [project] of {file} must be a text."),
        ],
    )
    def test_a_broken_one_is_named(self, packl, text, message):
        packl.file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(PacklError) as error:
            Packl(packl.folder)
        assert error.value.message == message.format(file=packl.file)

    def test_a_folder_without_metadata_is_none(self, pipl_home, tmp_path):
        with pytest.raises(NotFoundError) as error:
            Packl(tmp_path / "nothing")
        assert error.value.message == f"{tmp_path / 'nothing'} is not a packl."

    def test_a_version_that_is_none_is_an_error(self, packl):
        packl.file.write_text(PERSON.replace("1.2.0", "latest"))
        with pytest.raises(PacklError, match="'latest' is no version"):
            packl.version  # noqa: B018

    def test_a_dependency_that_cannot_be_read_is_an_error(self, packl):
        packl.file.write_text(PERSON.replace("spine", "spine >< 2"))
        with pytest.raises(PacklError) as error:
            packl.requirements()
        assert error.value.message == f"{packl.file} has a dependency that cannot be read."

    def test_broken_data_is_an_error(self, packl):
        (packl.data_folder / "packl.toml").unlink()
        with pytest.raises(PacklError, match=r"\AThe packl char-rig has no packl\.toml\."):
            packl.info  # noqa: B018
        (packl.data_folder / "assets.json").write_text("{")
        with pytest.raises(FormatError):
            packl.references  # noqa: B018

    def test_it_is_found_from_any_folder_in_it(self, packl):
        assert Packl.find(packl.data_folder).folder == packl.folder


class TestEditing:
    def test_changes_one_line_and_keeps_the_rest_as_it_was(self, packl):
        assert packl.bump("minor", "new neck") == "1.3.0"
        assert packl.file.read_text() == PERSON.replace('"1.2.0"', '"1.3.0"')
        (edit,) = packl.history
        assert (edit.action, edit.comment) == ("bump", "new neck")
        assert edit.changes == {"version": {"from": "1.2.0", "to": "1.3.0"}}

    def test_keeps_line_endings(self, packl):
        packl.file.write_bytes(PERSON.replace("\n", "\r\n").encode())
        packl.bump("patch")
        expected = PERSON.replace("1.2.0", "1.2.1").replace("\n", "\r\n")
        assert packl.file.read_bytes() == expected.encode()

    def test_of_dependencies_keeps_comments_and_records_one_line(self, packl):
        with packl.editing("add", "why") as document:
            entries = _dependency_list(document["project"], None)
            _put(entries, _requirement("Spine", ">=4"))
            _put(entries, _requirement("tail[long]", ""))
        text = packl.file.read_text()
        # tomlkit begins a new entry as the last one began, here with an empty line.
        changed = '"Spine>=4",  # as is\n\n    "tail[long]",\n'
        assert text == PERSON.replace("'spine',  # as is\n", changed)
        (edit,) = packl.history
        assert edit.changes == {
            "dependencies": {
                "from": ["char_neck >=2, <3", "spine"],
                "to": ["char_neck >=2, <3", "Spine>=4", "tail[long]"],
            }
        }

    def test_of_an_extra_makes_it(self, packl):
        with packl.editing("add") as document:
            entries = _dependency_list(document["project"], "edit")
            _put(entries, _requirement("blender", ">=4"))
        assert list(map(str, packl.requirements("edit"))) == ["blender>=4"]
        assert [str(r) for r in packl.requirements()] == ["char_neck<3,>=2", "spine"]
        assert list(packl.history[0].changes) == ["optional-dependencies"]

    def test_that_changes_nothing_writes_nothing(self, packl):
        before = packl.file.stat()
        with packl.editing("add"):
            pass
        after = packl.file.stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert packl.history == []

    def test_that_fails_writes_nothing(self, packl):
        def edit():
            with packl.editing("add") as document:
                document["project"]["version"] = "9"
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            edit()
        assert packl.file.read_text() == PERSON
        assert packl.history == []

    def test_either_changes_all_files_or_none(self, packl):
        # The history cannot be written, since a folder is in its place.
        packl.bump("patch")
        before = packl.file.read_bytes()
        history = packl.data_folder / "history.jsonl"
        text = history.read_text()
        history.unlink()
        history.mkdir()
        with pytest.raises(OSError, match="directory"):
            packl.bump("patch")
        history.rmdir()
        history.write_text(text)
        assert packl.file.read_bytes() == before
        assert len(packl.history) == 1

    def test_writes_further_files_with_it(self, packl):
        code = packl.folder / "src" / "char_rig" / "__init__.py"
        with packl.editing("create_task", files={code: "TASK = 1\n"}):
            pass
        assert code.read_text() == "TASK = 1\n"
        assert packl.history[0].changes == {
            "src/char_rig/__init__.py": {"from": None, "to": "written"}
        }
        with packl.editing("create_task", files={code: "TASK = 1\n"}):
            pass
        assert len(packl.history) == 1

    def test_of_what_is_no_toml_is_an_error(self, packl):
        packl.file.write_text("[project")
        with pytest.raises(PacklError), packl.editing("add"):
            pass

    def test_in_a_read_only_folder_is_an_error(self, packl):
        packl.folder.chmod(0o555)
        if os.access(packl.folder, os.W_OK):
            packl.folder.chmod(0o755)
            pytest.skip("whoever runs this may write everywhere")
        try:
            with pytest.raises(CoreError):
                packl.bump("patch")
        finally:
            packl.folder.chmod(0o755)


texts = st.text(st.characters(exclude_categories=("Cs",)))


@given(
    st.builds(
        PacklInfo,
        st.sampled_from(["code", "envset", "product", "task"]),
        st.none() | texts.filter(bool),
        st.dictionaries(texts, texts),
    )
)
def test_packl_toml_is_read_as_it_was_written(info):
    text = Packl.info_text(None, info)
    assert PacklInfo.from_text(text) == info


class TestRequirements:
    def test_are_a_name_and_versions(self):
        assert str(_requirement("rig[edit]", ">=2,<3")) == "rig[edit]<3,>=2"
        assert str(_requirement("rig>1", "<3")) == "rig<3,>1"

    @pytest.mark.parametrize(
        ("name", "versions"),
        [("", ""), ("a b", ""), ("rig", "latest"), ("../rig", ""), ("-r x", "")],
    )
    def test_that_make_no_sense_are_an_error(self, name, versions):
        with pytest.raises(PacklError) as error:
            _requirement(name, versions)
        assert error.value.message == (
            f"{name!r} with the versions {versions!r} is no requirement."
        )

    def test_are_no_addresses(self):
        with pytest.raises(PacklError) as error:
            _requirement("rig @ file:///tmp/rig.whl", "")
        assert error.value.context == "file:///tmp/rig.whl is an address."


def test_conflicts_are_core_errors():
    assert issubclass(ConflictError, CoreError)
