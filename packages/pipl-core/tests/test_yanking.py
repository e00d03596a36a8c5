"""Withdrawing releases of a running project."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from pipl_core import AccessError, CoreError, NotFoundError, PacklError
from pipl_core.credentials import KeptPasswords, Logins
from pipl_core.yanking import Yank, unyank, yank

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]

REASON = "the neck is broken"


@pytest.fixture
def rig(running_project, throw_away_packl, unique, tmp_path):
    """Name of a packl with the releases 1.0 and 2.0."""
    name = unique("rig")
    for version in ("1.0", "2.0"):
        throw_away_packl.release(running_project, name, tmp_path, version)
    return name


@pytest.fixture
def not_ours(running_project, monkeypatch):
    """Somebody who cannot read the passwords that the project keeps."""
    path = KeptPasswords(running_project).path("root").parent
    read_text = Path.read_text

    def refuse(self, *arguments, **options):
        if self.parent == path:
            raise PermissionError(13, "Permission denied")
        return read_text(self, *arguments, **options)

    monkeypatch.setattr(Path, "read_text", refuse)


def yanked(project, name):
    """Return the reasons by version."""
    with contextlib.closing(project.client()) as client:
        files = client.simple("root/PROJ", name)["files"]
    return {file["filename"].split("-")[1]: file.get("yanked") for file in files}


def test_by_the_project_s_owner_is_done_as_root(running_project, rig):
    done = Yank(rig, "1.0", "root/PROJ", REASON, changed=True, user="root")
    assert yank(running_project, rig, "v1", REASON) == done
    assert yanked(running_project, rig) == {"1.0": REASON, "2.0": None}
    assert yank(running_project, rig, "1.0", REASON).changed is False
    undone = Yank(rig, "1.0", "root/PROJ", None, changed=True, user="root")
    assert unyank(running_project, rig, "1.0.0") == undone
    assert unyank(running_project, rig, "1.0").changed is False
    assert yanked(running_project, rig) == {"1.0": None, "2.0": None}


def test_by_who_may_upload_is_done_as_them(running_project, rig, monkeypatch, request):
    monkeypatch.setenv("PIPL_USER", "ci")
    monkeypatch.setenv("PIPL_PASSWORD", KeptPasswords(running_project).get("ci"))
    request.getfixturevalue("not_ours")
    assert yank(running_project, rig, "1.0", REASON).user == "ci"
    assert yanked(running_project, rig) == {"1.0": REASON, "2.0": None}


@pytest.mark.parametrize(
    ("logged_in", "who"), [(True, "artist"), (False, "Nobody is logged in, and anonymous")]
)
def test_by_who_may_not_is_an_error_that_names_who_may(
    running_project, rig, not_ours, monkeypatch, logged_in, who
):
    if not logged_in:
        monkeypatch.setattr(Logins, "get", lambda self, address: None)
    with pytest.raises(AccessError) as error:
        yank(running_project, rig, "1.0", REASON)
    assert str(error.value) == (
        f"{who} may not yank releases of PROJECT.\n"
        "Those may who upload to root/PROJ: root, ci.\n"
        "Log in as one of them (a login lasts ten hours): `pipl login USER`."
    )
    assert yanked(running_project, rig) == {"1.0": None, "2.0": None}


def test_of_what_was_not_released_is_an_error(running_project, rig, throw_away_packl, tmp_path):
    with pytest.raises(NotFoundError) as error:
        yank(running_project, rig, "3.0", REASON)
    assert str(error.value) == (
        f"PROJECT has no release {rig} 3.0.\nIt has 1.0, 2.0.\nName one of them."
    )
    packl = throw_away_packl(tmp_path / "submitted", rig, version="3.0")
    throw_away_packl.publish(packl, running_project, "root/submitted", "artist")
    with pytest.raises(NotFoundError):
        yank(running_project, rig, "3.0", REASON)
    for name in ("no-such-rig", "pluggy"):  # the mirror's are not ours to withdraw
        with pytest.raises(NotFoundError) as error:
            yank(running_project, name, "1.0", REASON)
        assert str(error.value) == (
            f"PROJECT has no release {name} 1.0.\n"
            "`pipl proj index list root/PROJ` lists what has been released."
        )
    with pytest.raises(PacklError):
        yank(running_project, rig, "the last one", REASON)


@pytest.mark.parametrize("reason", ["", " ", "one\ntwo", "x" * 501])
def test_without_a_reason_in_one_line_is_an_error(running_project, rig, reason):
    with pytest.raises(CoreError) as error:
        yank(running_project, rig, "1.0", reason)
    assert error.value.message == "The server did not accept that."
    assert error.value.context.startswith("reason must ")
    assert yanked(running_project, rig) == {"1.0": None, "2.0": None}
