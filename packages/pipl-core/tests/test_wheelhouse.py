"""Wheels that were built elsewhere, uploaded together."""

from __future__ import annotations

import contextlib

import pytest

from pipl_core import AccessError, NotFoundError, PacklError
from pipl_core.building import build_wheel
from pipl_core.wheelhouse import WheelsPublished, publish_wheels

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


@pytest.fixture
def wheel(throw_away_packl, tmp_path):
    """A function that builds a wheel and returns its path."""

    def build(name, content="1", version="0.1.0"):
        folder = tmp_path / name / version / content
        files = {f"src/{name}/__init__.py": f'"""{content}."""\n'}
        packl = throw_away_packl(folder, name, version=version, files=files)
        return build_wheel(packl.folder, folder / "dist").path

    return build


def test_tells_what_is_new_what_was_there_and_what_differs(running_project, wheel, unique):
    rig, neck, v3 = unique("rig"), unique("neck"), unique("v")
    said = []
    wheels = [wheel(rig), wheel(neck), wheel(v3, version="v003")]
    published = publish_wheels(running_project, wheels, "ci", said.append)
    titles = tuple(sorted([f"{rig} 0.1.0", f"{neck} 0.1.0", f"{v3} 3"]))
    assert published == WheelsPublished(titles, (), ())
    assert sorted(said) == list(titles)

    said.clear()
    assert publish_wheels(running_project, wheels, "ci", said.append) == (
        WheelsPublished((), titles, ())
    )
    again = [wheel(rig, "2"), wheel(neck), wheel(neck, version="0.2.0")]
    assert publish_wheels(running_project, again, "ci", said.append) == WheelsPublished(
        (f"{neck} 0.2.0",), (f"{neck} 0.1.0",), (f"{rig} 0.1.0",)
    )
    assert said == [f"{neck} 0.2.0"]


def test_a_person_s_number_is_found_again_in_a_stage(running_project, wheel, unique):
    name = unique("take")
    made = wheel(name, version="v003")
    for found in (WheelsPublished((f"{name} 3",), (), ()), WheelsPublished((), (f"{name} 3",), ())):
        assert publish_wheels(running_project, [made], "ci", index="root/checked") == found
    with contextlib.closing(running_project.client("ci")) as ci:
        assert [release.version for release in ci.releases("root/checked", name)] == ["3"]
        ci.push("root/checked", name, "3", "root/PROJ")
        assert ci.release("root/PROJ", name, "3") is not None


def test_of_nothing_is_nothing(running_project):
    assert publish_wheels(running_project, [], "ci") == WheelsPublished((), (), ())


def test_what_is_no_wheel_is_an_error(running_project, tmp_path):
    (tmp_path / "x.whl").write_text("no wheel")
    with pytest.raises(PacklError) as error:
        publish_wheels(running_project, [tmp_path / "x.whl"], "ci")
    assert error.value.message == f"{tmp_path / 'x.whl'} is no wheel."


def test_is_for_those_who_may(running_project, wheel, unique):
    with pytest.raises(AccessError):
        publish_wheels(running_project, [wheel(unique("rig"))], "artist")
    with pytest.raises(AccessError, match="keeps no password for 'nobody'"):
        publish_wheels(running_project, [wheel(unique("rig"))], "nobody")


def test_to_an_unknown_index_is_an_error(running_project, wheel, unique):
    with pytest.raises(NotFoundError):
        publish_wheels(running_project, [wheel(unique("rig"))], "ci", index="root/nowhere")
