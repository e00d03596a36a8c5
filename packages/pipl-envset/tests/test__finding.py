"""Where tools are looked for, and which program is taken."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from pipl_envset import EnvSetError, FoundTool, PrintedVersion, Tool, ToolMissingError
from pipl_envset._finding import find
from pipl_envset._probes import KnownVersions

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs of another kind")


@pytest.fixture
def program(tmp_path):
    """A function that writes a program which prints its version, and counts how often."""

    def program(path, version):
        whole = tmp_path / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(f"#!/bin/sh\necho asked >> '{tmp_path}/asked'\necho Pen {version}\n")
        whole.chmod(0o755)
        return str(whole)

    return program


@pytest.fixture
def search(environment, tmp_path):
    """A function that finds the tool pen."""

    def search(places, requires="", **options):
        known = KnownVersions(tmp_path / "env" / "probes.json")
        return find(Tool("pen", requires, search=places, **options), "pen_env", known)

    return search


def missing(search, *arguments, **options):
    with pytest.raises(ToolMissingError) as error:
        search(*arguments, **options)
    return error.value


class TestPlaces:
    def test_may_be_a_path(self, search, program, tmp_path):
        pen = program("opt/pen", "3.4.1")
        found = search([pen])
        assert found == FoundTool("pen", Path(pen), "3.4.1")
        assert found.folder == tmp_path / "opt"

    def test_may_be_patterns_of_which_the_newest_comes_first(self, search, program, tmp_path):
        programs = {v: program(f"opt/pen-{v}/pen", v) for v in ("3.9", "3.10", "2.0")}
        place = f"{tmp_path}/opt/pen-*/pen"
        assert search([place]).program == Path(programs["3.10"])
        assert search([place], "<3.10").program == Path(programs["3.9"])
        assert search([place], "~=2.0").version == "2.0"

    def test_may_begin_with_a_variable_or_the_home(self, search, program, tmp_path, monkeypatch):
        pen = program("opt/pen", "1.0")
        monkeypatch.setenv("PIPL_T_PEN", str(tmp_path / "opt"))
        monkeypatch.setenv("HOME", str(tmp_path))
        places = (["$PIPL_T_PEN/pen"], ["${PIPL_T_PEN}/pen"], ["~/opt/pen"])
        assert [search(place).program for place in places] == [Path(pen)] * 3

    def test_may_be_a_name_on_the_path(self, search, program, tmp_path, monkeypatch):
        pen = program("bin/pen", "1.0")
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        assert search(["pen"]).program == search([]).program == Path(pen)

    def test_on_the_path_are_none_of_an_environment_s_own(
        self, search, program, tmp_path, monkeypatch
    ):
        for folder in ("venv/pipl/bin", "venv/bin"):
            program(f"{folder}/pen", "9.0")
        (tmp_path / "venv" / "pipl.json").touch()
        pen = program("bin/pen", "1.0")
        folders = [tmp_path / each for each in ("venv/pipl/bin", "venv/bin", "bin")]
        monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
        assert search([]).program == Path(pen)

    def test_are_asked_in_their_order(self, search, program):
        old, new = program("old", "1.0"), program("new", "2.0")
        assert search([old, new]).program == Path(old)
        assert search([old, new], ">=2").program == Path(new)

    def test_where_nothing_is_are_named_with_what_to_do(self, search, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        error = missing(search, ["$PIPL_T_PEN/pen", "/nowhere/*/pen", "pen"], ">=3")
        assert error.message == "The tool pen >=3 of pen_env was not found."
        assert error.context == (
            "$PIPL_T_PEN/pen: not set\n"
            "/nowhere/*/pen: nothing there\n"
            "pen on the PATH: there is none"
        )
        assert error.hint == (
            'Install it, or say where it is: pen = "/path/of/pen" below [config.tools] '
            "in the project's pipl.toml. Then `pipl work sync`."
        )


class TestConfig:
    def test_comes_before_all_places(self, environment, search, program):
        ours, theirs = program("ours", "1.0"), program("theirs", "2.0")
        environment.set_up({"tools": {"pen": theirs}})
        assert search([ours]).program == Path(theirs)

    def test_may_be_a_list_or_differ_by_platform(self, environment, search, program, monkeypatch):
        pen = program("pen", "1.0")
        environment.set_up({"tools": {"pen": ["/nowhere", pen]}})
        assert search(["/other"]).program == Path(pen)
        monkeypatch.setattr(sys, "platform", "linux")
        environment.set_up({"tools": {"pen": {"linux": pen, "windows": "C:/pen.exe"}}})
        assert search(["/other"]).program == Path(pen)
        environment.set_up({"tools": {"pen": {"windows": "C:/pen.exe"}}})
        assert search([pen]).program == Path(pen)

    def test_that_is_wrong_is_said_so(self, environment, search, program):
        environment.set_up({"tools": {"pen": "/nowhere/pen"}})
        error = missing(search, [program("pen", "1.0")])
        assert error.context == "/nowhere/pen: nothing there"

    @pytest.mark.parametrize("said", [5, [5], True])
    def test_that_makes_no_sense_is_an_error(self, environment, search, said):
        environment.set_up({"tools": {"pen": said}})
        with pytest.raises(EnvSetError) as error:
            search([])
        assert error.value.message == (
            f"The config 'tools' says {said!r} of pen, which is no path."
        )


class TestVersions:
    def test_that_do_not_fit_are_named(self, search, program, tmp_path):
        old, odd, mute = program("old", "1.0"), program("odd", "1.2.x"), program("mute", "")
        (tmp_path / "dead").write_text("#!/bin/sh\nexit 3\n")
        (tmp_path / "dead").chmod(0o755)
        (tmp_path / "text").write_text("not a program")
        places = [old, odd, mute, str(tmp_path / "dead"), str(tmp_path / "text")]
        assert missing(search, places, ">=2").context == (
            f"{old}: its version is 1.0\n"
            f"{odd}: '1.2.x' is no version that can be compared\n"
            f"{mute}: it said 'Pen' and ended with 0 when asked for its version\n"
            f"{tmp_path}/dead: it said nothing and ended with 3 when asked for its version\n"
            f"{tmp_path}/text: it cannot be started: Permission denied"
        )

    def test_before_a_release_count_as_fitting(self, search, program):
        assert search([program("pen", "4.0rc1")], ">=3").version == "4.0rc1"

    def test_are_not_asked_for_where_nobody_needs_them(self, search, tmp_path):
        (tmp_path / "text").write_text("not a program")
        assert search([str(tmp_path / "text")], version=None).version == ""

    def test_may_be_told_by_a_function(self, search, program):
        found = search([program("pen-7", "1.0")], ">=7", version=lambda path: path.name[4:])
        assert found.version == "7"

    def test_told_by_a_function_that_fails_are_named(self, search, program):
        pen = program("pen", "1.0")
        error = missing(search, [pen], version=lambda path: str(1 / 0))
        assert error.context == (
            f"{pen}: its version cannot be told: ZeroDivisionError: division by zero"
        )
        error = missing(search, [pen], version=lambda path: 7)
        assert error.context == f"{pen}: its version is said to be 7, which is no text"

    def test_are_read_by_a_pattern(self, search, tmp_path):
        (tmp_path / "pen").write_text("#!/bin/sh\necho Python 3.11.2; echo build 24-5 of $1\n")
        (tmp_path / "pen").chmod(0o755)
        version = PrintedVersion("-v", pattern=r"build (\d+)-")
        assert search([str(tmp_path / "pen")], version=version).version == "24"


class TestRemembering:
    def asked(self, tmp_path):
        return len((tmp_path / "asked").read_text().splitlines())

    def test_a_program_is_asked_once(self, search, program, tmp_path):
        pen = program("pen", "1.0")
        assert [search([pen]).version for _ in range(3)] == ["1.0"] * 3
        assert self.asked(tmp_path) == 1

    def test_a_program_that_changed_is_asked_again(self, search, program, tmp_path):
        pen = program("pen", "1.0")
        search([pen])
        program("pen", "1.0.1")
        assert search([pen]).version == "1.0.1"
        os.utime(pen, ns=(1, 1))
        search([pen])
        assert self.asked(tmp_path) == 3

    def test_a_link_that_goes_elsewhere_is_asked_again(self, search, program, tmp_path):
        one, other = program("pen-1", "1.0"), program("pen-2", "2.0")
        for each in (one, other):
            os.utime(each, ns=(1, 1))
        link = tmp_path / "pen"
        link.symlink_to(one)
        assert search([str(link)]).version == "1.0"
        link.unlink()
        link.symlink_to(other)
        assert search([str(link)]).version == "2.0"

    def test_another_way_of_asking_asks_again(self, search, program):
        pen = program("pen", "1.0")
        assert search([pen]).version == "1.0"
        assert search([pen], version=lambda _: "5").version == "5"
        assert search([pen], version=lambda _: "6").version == "6"
        assert search([pen], version=PrintedVersion(pattern="(Pen)")).version == "Pen"

    @pytest.mark.parametrize("text", ["", "[]", '{"format": 2, "probes": {}}', '{"format": 1}'])
    def test_a_damaged_memory_is_no_memory(self, search, program, tmp_path, text):
        memory = tmp_path / "env" / "probes.json"
        memory.parent.mkdir()
        memory.write_text(text)
        assert search([program("pen", "1.0")]).version == "1.0"
        assert json.loads(memory.read_text())["format"] == 1


class TestOverriding:
    def answer(self, environment, code):
        code = f"from pipl_hooks import hookimpl\n\n@hookimpl\n{code}"
        environment.install("studio", code, entry_points={"pipl": {"studio": "studio"}})

    def test_a_studio_s_plugin_wins(self, environment, search, program):
        ours, theirs = program("ours", "1.0"), program("theirs", "2.0")
        self.answer(
            environment,
            f"def pipl_find_tool(name, requirement):\n    assert requirement == '>=1'\n"
            f"    return ['{theirs}'] if name == 'pen' else None\n",
        )
        assert search([ours], ">=1").program == Path(theirs)

    def test_a_plugin_may_hide_a_tool(self, environment, search, program):
        self.answer(environment, "def pipl_find_tool():\n    return []\n")
        assert missing(search, [program("pen", "1.0")]).context == "A plugin names no program."

    def test_a_plugin_s_program_may_be_gone(self, environment, search, program):
        self.answer(environment, "def pipl_find_tool():\n    return ['/gone/pen']\n")
        error = missing(search, [program("pen", "1.0")])
        assert error.context == "/gone/pen: there is no such program"

    def test_an_answer_that_makes_no_sense_is_an_error(self, environment, search):
        self.answer(environment, "def pipl_find_tool():\n    return '/a/pen'\n")
        with pytest.raises(EnvSetError) as error:
            search([])
        assert error.value.message == "A plugin's pipl_find_tool answered '/a/pen' for pen."
