"""Who asks for what in a workspace, read from installed metadata alone."""

from __future__ import annotations

import pytest

from pipl_core import NotFoundError
from pipl_core.asking import Asking, Step, Way, Why, why
from pipl_testing import in_environment

pytestmark = pytest.mark.needs_tools


def _ways(found):
    return [" | ".join(map(str, way.steps)) for way in found.ways]


def test_tells_the_shortest_ways_first(bench, throw_away_packl):
    packl = throw_away_packl(bench.folder, "shot", dependencies=["crowd>=1", "rig[skin]"])
    bench.packls.append(packl)
    bench.requirements += ["crowd", "rig>=1"]
    in_environment(bench.site, "crowd", version="1.4", requires=["spine", "rig<2"])
    in_environment(bench.site, "spine", requires=["rig>=2"])
    in_environment(bench.site, "Rig", version="1.5")
    found = why(bench, "RIG")
    assert (found.name, found.version, found.edited) == ("rig", "1.5", False)
    assert _ways(found) == [
        "shot 0.1.0 (edited) asks for rig[skin]",
        "workspace.toml asks for rig>=1",
        "shot 0.1.0 (edited) asks for crowd>=1 | crowd 1.4 asks for rig<2",
        "workspace.toml asks for crowd | crowd 1.4 asks for rig<2",
        "shot 0.1.0 (edited) asks for crowd>=1 | crowd 1.4 asks for spine | spine 1.0.0 asks for rig>=2",
        "workspace.toml asks for crowd | crowd 1.4 asks for spine | spine 1.0.0 asks for rig>=2",
    ]
    assert [way.fits for way in found.ways] == [True, True, True, True, False, False]


def test_follows_extras_and_markers(bench):
    bench.requirements += ["crowd[edit]", "plain"]
    needs = ['rig>=1 ; extra == "edit"', 'rig>=2 ; extra == "other"', 'rig>3 ; os_name == "x"']
    in_environment(bench.site, "crowd", requires=needs)
    in_environment(bench.site, "plain", requires=["crowd"])
    in_environment(bench.site, "rig")
    assert _ways(why(bench, "rig")) == [
        "workspace.toml asks for crowd[edit] | crowd 1.0.0 asks for rig>=1",
    ]


def test_asks_for_the_editors_of_packls_in_edition(bench, throw_away_packl):
    packl = throw_away_packl(bench.folder, "shot")
    extras = '\n[project.optional-dependencies]\nedit = ["viewer>=1"]\nfarm = ["queue"]\n'
    packl.file.write_text(packl.file.read_text() + extras)
    bench.packls.append(packl)
    in_environment(bench.site, "viewer", version="0.9")
    assert why(bench, "viewer") == Why(
        "viewer",
        "0.9",
        edited=False,
        ways=(Way((Step("shot", "0.1.0", edited=True, requirement="viewer>=1"),), fits=False),),
    )
    with pytest.raises(NotFoundError):
        why(bench, "queue")


def test_what_is_left_over_asks_too(bench):
    in_environment(bench.site, "old", requires=["rig<2", "old"])
    in_environment(bench.site, "rig")
    assert _ways(why(bench, "rig")) == ["old 1.0.0 asks for rig<2"]
    assert why(bench, "old").ways == ()


def test_circles_end(bench):
    bench.requirements += ["a"]
    in_environment(bench.site, "a", requires=["b"])
    in_environment(bench.site, "b", requires=["a", "rig"])
    assert _ways(why(bench, "rig")) == [
        "workspace.toml asks for a | a 1.0.0 asks for b | b 1.0.0 asks for rig"
    ]


def test_what_is_asked_for_may_be_missing(bench):
    bench.requirements += ["rig>=2"]
    found = why(bench, "rig")
    assert (found.version, [way.fits for way in found.ways]) == (None, [True])


def test_of_what_nobody_has_or_wants_is_an_error(bench):
    with pytest.raises(NotFoundError) as error:
        why(bench, "rig")
    assert error.value.message == "Nobody in the workspace bench asks for 'rig'."


def test_knows_what_is_below_a_packl(bench, throw_away_packl):
    bench.packls.append(throw_away_packl(bench.folder, "shot", dependencies=["crowd"]))
    bench.requirements += ["farm"]
    in_environment(bench.site, "crowd", requires=["rig", "shot"])
    in_environment(bench.site, "rig")
    in_environment(bench.site, "farm", requires=["queue"])
    asking = Asking(bench)
    assert asking.below("shot") == {"crowd", "rig", "shot"}
    assert asking.below("farm") == {"queue"}
    assert asking.below("rig") == frozenset()
