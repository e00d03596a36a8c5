"""A packl's folder and its managed edits; no server, no environment."""

from __future__ import annotations

import contextlib
import os

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import ConflictError, CoreError, NotFoundError, Packl, PacklError
from pipl_core.dependencies import _dependency_list, _put, _requirement
from pipl_core.publishing import _metadata_problems
from pipl_core.requirements import required_name
from pipl_core.tasks import add_type
from pipl_hooks import FormatError, PacklInfo
from pipl_testing import PacklMaker

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
            ("a = " + "[" * 100_000, "{file} is not valid TOML."),
            ("a = " + "1" * 5000, "{file} is not valid TOML."),
        ],
    )
    def test_a_broken_one_is_named(self, packl, text, message):
        packl.file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(PacklError) as error:
            Packl(packl.folder)
        assert error.value.message == message.format(file=packl.file)
        assert "It stands in" not in (error.value.context or "")

    @pytest.mark.parametrize(
        ("text", "context"),
        [
            ("", "[project] has no name."),
            ("project = 5", "[project] should be a table, not 5."),
            ("[project]\nname = 'a'", "[project] has no version."),
            ("[project]\nname = 5", "name in [project] should be a text, not 5."),
            ("[project]\nname = '../a'", "'../a' is no name."),
            ("[project]\nname = 'a'\nversion = 1", "version in [project] should be a text, not 1."),
            (
                f"{PERSON}[project.scripts]\na = 1",
                "scripts in [project] should be a table of texts",
            ),
            (
                f"{PERSON}[project.entry-points]\na = 1",
                "entry-points in [project] should be a table",
            ),
            (f"{PERSON}[project.entry-points.x]\na = 1", "x in [project.entry-points] should be a"),
            (f"{PERSON}[project.optional-dependencies]\ne = 1", "e in [project.optional-depend"),
            (PERSON.replace("version ", "classifiers = 5\nversion"), "classifiers in [project] sh"),
        ],
    )
    def test_one_whose_metadata_makes_no_sense_is_named(self, packl, text, context):
        packl.file.write_text(text)
        with pytest.raises(PacklError) as error:
            Packl(packl.folder)
        assert error.value.message == f"{packl.file} does not say what a packl is."
        assert error.value.context.startswith(context)

    def test_a_folder_without_metadata_is_none(self, pipl_home, tmp_path):
        with pytest.raises(NotFoundError) as error:
            Packl(tmp_path / "nothing")
        assert error.value.message == f"{tmp_path / 'nothing'} is not a packl."

    def test_a_version_that_is_none_is_an_error(self, packl):
        packl.file.write_text(PERSON.replace("1.2.0", "latest"))
        with pytest.raises(PacklError, match="'latest' is no version") as error:
            packl.version  # noqa: B018
        assert error.value.context == f"It stands in {packl.file}."

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
        for name in ("packl.toml", "assets.json", "history.jsonl"):
            (packl.data_folder / name).write_bytes(b"\xff")
        for read in ("info", "references", "history"):
            with pytest.raises(PacklError, match=r"_packl/\S+ cannot be read\."):
                getattr(packl, read)

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


@given(st.data())
def test_packl_toml_with_one_value_spoiled_is_read_or_an_error(spoiled, data):
    plain = {"format": 1, "kind": "task", "type": "anim", "entity": {"shot": "sh010"}}
    try:
        text = tomlkit.dumps(data.draw(spoiled(plain)))
    except Exception:  # noqa: BLE001  TOML cannot say it
        return
    try:
        info = PacklInfo.from_text(text)
    except FormatError:
        return
    assert PacklInfo.from_text(Packl.info_text(None, info)) == info


METADATA = {
    "project": {
        "name": "char-rig",
        "version": "1.2.0",
        "description": "A rig",
        "classifiers": ["Private :: pipl"],
        "dependencies": ["neck>=2"],
        "dynamic": [],
        "optional-dependencies": {"edit": ["viewer"]},
        "scripts": {"rig-build": "char_rig:build"},
        "entry-points": {"pipl": {"rig": "char_rig"}},
    }
}
DESCRIBED = {
    "type_packl": "types",
    "type_version": "1.0",
    "assets": ["usd"],
    "commands": [{"name": "build", "program": "build.main"}],
}


@pytest.fixture(scope="session")
def char_rig(pipl_home, tmp_path_factory):
    return PacklMaker()(tmp_path_factory.mktemp("spoiled"), "char-rig")


@given(data=st.data())
def test_a_packl_with_one_value_spoiled_is_used_or_an_error(spoiled, char_rig, data):
    packl = char_rig
    try:
        text = tomlkit.dumps(data.draw(spoiled(METADATA)))
    except Exception:  # noqa: BLE001  TOML cannot say it
        return
    packl.file.write_text(text)
    with contextlib.suppress(PacklError):
        read = Packl(packl.folder)
        assert read.data_folder.resolve().is_relative_to(packl.folder)
        assert isinstance(_metadata_problems(read), list)
    with contextlib.suppress(PacklError):
        read = Packl(packl.folder)
        assert read.bump("major") in read.file.read_text()
    with contextlib.suppress(PacklError):
        read = Packl(packl.folder)
        with read.editing("add") as document:
            _put(_dependency_list(document["project"], "edit"), _requirement("tail", ""))
            add_type(document["project"], read.module, "task", DESCRIBED)
        assert "tail" in map(str, Packl(packl.folder).requirements("edit"))


class TestRequirements:
    def test_are_a_name_and_versions(self):
        assert str(_requirement("rig[edit]", ">=2,<3")) == "rig[edit]<3,>=2"
        assert str(_requirement("rig>1", "<3")) == "rig<3,>1"

    @pytest.mark.parametrize(
        ("name", "versions"),
        [
            *(("", ""), ("a b", ""), ("rig", "latest"), ("../rig", ""), ("-r x", "")),
            *(("rig", "==" + "9" * 5000), ("rig; " + "(" * 1900, ""), ("rig", "@ file:///x")),
            *(("\udcff", ""), ("ríg", ""), ("rig\n", "\0")),
        ],
    )
    def test_that_make_no_sense_are_an_error(self, name, versions):
        with pytest.raises(PacklError) as error:
            _requirement(name, versions)
        assert error.value.message == (
            f"{name!r:.200} with the versions {versions!r:.200} is no requirement."
        )

    @given(
        st.text() | st.from_regex(r"[a-z]{1,3}(\[[a-z]\])?([<>=~!]=?[0-9.*]{1,4})?(;.*)?"),
        st.text(),
    )
    def test_of_arbitrary_text_are_read_or_an_error(self, name, versions):
        try:
            requirement = _requirement(name, versions)
        except PacklError:
            return
        assert _requirement(str(requirement), "") == requirement
        assert required_name(str(requirement)) == requirement.name

    def test_are_no_addresses(self):
        with pytest.raises(PacklError) as error:
            _requirement("rig @ file:///tmp/rig.whl", "")
        assert error.value.context == "file:///tmp/rig.whl is an address."


def test_conflicts_are_core_errors():
    assert issubclass(ConflictError, CoreError)
