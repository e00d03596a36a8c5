"""Setting a project's server up: users, indexes, and who may upload where."""

from __future__ import annotations

import contextlib

import pytest

from pipl_core import AccessError, set_up
from pipl_core.building import build_wheel
from pipl_core.credentials import (
    KeptPasswords,
    client_with_password,
    log_in,
    log_out,
    set_password,
)
from pipl_core.setup import create_default_index, stage_index_options

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


def test_a_project_is_set_up_once_and_its_users_go_on(
    fresh_project, start_project, throw_away_packl, tmp_path
):
    start_project(fresh_project)
    said = []
    report = set_up(fresh_project, "alice", said.append)
    assert report.artist == "alice"
    assert report.made == (
        "a random root password",
        "the user ci",
        "the user alice",
        "the index root/PROJ",
        "the index root/submitted",
        "the index root/checked",
    )
    assert said == [f"Made {what}" for what in report.made]
    kept = {name: KeptPasswords(fresh_project).get(name) for name in ("root", "ci", "alice")}
    assert len(set(kept.values())) == 3
    with pytest.raises(AccessError):
        client_with_password(fresh_project, "root", "")

    assert set_up(fresh_project, "alice", said.append).made == ()
    assert {n: KeptPasswords(fresh_project).get(n) for n in kept} == kept
    assert set_up(fresh_project, "bob", said.append).made == ("the user bob",)

    with contextlib.closing(fresh_project.client("root")) as root:
        assert sorted(root.users()) == ["alice", "bob", "ci", "root"]
        set_password(fresh_project, root, "bob", "b0b")
        root.remove_user("alice")
        assert sorted(root.users()) == ["bob", "ci", "root"]
    with contextlib.closing(client_with_password(fresh_project, "bob", "b0b")) as bob:
        assert bob.authenticated_user() == "bob"
        with pytest.raises(AccessError):
            bob.add_user("eve", "3v3")
        check_uploads(fresh_project, bob, tmp_path, throw_away_packl)


def check_uploads(project, bob, tmp_path, throw_away_packl):
    """Check that a person uploads to the first stage alone, and only ci beyond it."""
    wheel = build_wheel(throw_away_packl(tmp_path, "tool").folder, tmp_path)
    for index in ("root/PROJ", "root/checked"):
        with pytest.raises(AccessError) as error:
            bob.upload(index, wheel.path, wheel.metadata)
        assert error.value.message == "The server refused this to bob."
        assert bob.releases(index, "tool") == []
    bob.upload("root/submitted", wheel.path, wheel.metadata)
    for index in ("root/PROJ", "root/checked"):
        with pytest.raises(AccessError):
            bob.push("root/submitted", "tool", "0.1.0", index)
    with contextlib.closing(project.client("ci")) as ci:
        ci.push("root/submitted", "tool", "0.1.0", "root/checked")
        ci.push("root/checked", "tool", "0.1.0", "root/PROJ")
        assert len(ci.releases("root/PROJ", "tool")) == 1


def test_setting_up_where_somebody_has_set_a_root_password_needs_their_login(
    fresh_project, start_project
):
    start_project(fresh_project)
    with contextlib.closing(client_with_password(fresh_project, "root", "")) as root:
        root.change_user("root", password="theirs")
    with pytest.raises(AccessError) as error:
        set_up(fresh_project, "alice", lambda _: None)
    assert error.value.message == (
        "Setting a project up needs its root user, whose password somebody has set."
    )
    assert KeptPasswords(fresh_project).get("root") is None

    log_in(fresh_project, "root", "theirs").close()
    try:
        report = set_up(fresh_project, "alice", lambda _: None)
    finally:
        log_out(fresh_project)
    assert "a random root password" not in report.made
    assert "the user alice" in report.made
    with contextlib.closing(client_with_password(fresh_project, "root", "theirs")) as root:
        assert create_default_index(root) is False
        acl = {index.name: index.acl_upload for index in root.indexes() if index.type == "stage"}
    assert acl == {
        "root/submitted": (":AUTHENTICATED:",),
        "root/checked": ("ci",),
        "root/PROJ": ("root", "ci"),
    }

    # A kept password that is no longer right is no better than none.
    KeptPasswords(fresh_project).keep("root", "outdated")
    with pytest.raises(AccessError, match="whose password somebody has set"):
        set_up(fresh_project, "alice", lambda _: None)


def test_people_upload_to_the_first_stage_and_only_ci_beyond_it(fresh_project):
    first, second = (stage_index_options(fresh_project, n) for n in ("submitted", "checked"))
    assert first == {
        "type": "stage",
        "bases": ["root/PROJ"],
        "volatile": True,
        "acl_upload": [":AUTHENTICATED:"],
        "acl_toxresult_upload": ["ci"],
        "title": "Stage submitted",
    }
    assert second == {**first, "acl_upload": ["ci"], "title": "Stage checked"}
