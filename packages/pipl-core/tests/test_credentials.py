"""Logins, kept passwords and tokens."""

from __future__ import annotations

import contextlib
import json
import os
import stat

import pytest

from pipl_core import AccessError, credentials
from pipl_core.credentials import (
    KeptPasswords,
    Logins,
    authenticated_client,
    client_with_password,
    log_in,
    log_out,
    new_password,
    set_password,
)
from pipl_core.index import IndexClient

pytestmark = pytest.mark.needs_tools

SERVER, OTHER = "http://127.0.0.1:1", "http://127.0.0.1:2"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "pipl" / "logins.json"


@pytest.fixture
def own_state(monkeypatch, tmp_path):
    """A home without any login; that of the other tests stays."""
    for name in ("HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "state"))


@pytest.fixture
def user(running_project, unique, own_state):
    """A user of the running project, whose password the project keeps."""
    name, password = unique("user"), new_password()
    kept = KeptPasswords(running_project)
    with contextlib.closing(running_project.client("root")) as root:
        root.add_user(name, password)
        kept.keep(name, password)
        yield name
        kept.forget(name)
        root.remove_user(name)


def test_no_password_is_like_another():
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(password) for password in made} == {32}


class TestLogins:
    def test_are_remembered_by_server(self, path):
        logins = Logins(path)
        assert logins.get(SERVER) is None
        logins.set(SERVER, "bob", "token")
        logins.set(OTHER, "eve", "other")
        logins.set(SERVER, "ann", "newer")
        assert Logins(path).get(SERVER) == ("ann", "newer")
        assert Logins(path).get(OTHER) == ("eve", "other")

    def test_are_forgotten_one_by_one(self, path):
        logins = Logins(path)
        logins.set(SERVER, "bob", "token")
        logins.set(OTHER, "eve", "other")
        assert logins.forget(SERVER) is True
        assert logins.forget(SERVER) is False
        assert (logins.get(SERVER), logins.get(OTHER)) == (None, ("eve", "other"))

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
    def test_are_for_their_owner_alone(self, path):
        logins = Logins(path)
        logins.set(SERVER, "bob", "token")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        # A file that was opened to all is closed by the next login.
        path.chmod(0o644)
        logins.set(SERVER, "bob", "newer")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", "5", f'{{"{SERVER}": 5}}', f'{{"{SERVER}": {{"user": "bob"}}}}', "\xff"],
    )
    def test_in_a_damaged_file_are_none_and_can_be_made_anew(self, path, text):
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode("latin-1"))
        logins = Logins(path)
        assert logins.get(SERVER) is None
        logins.set(SERVER, "bob", "token")
        assert logins.get(SERVER) == ("bob", "token")

    def test_lie_in_the_user_s_own_state_folder(self, own_state, tmp_path):
        Logins().set(SERVER, "bob", "token")
        (found,) = tmp_path.rglob("logins.json")
        assert json.loads(found.read_text()) == {SERVER: {"user": "bob", "token": "token"}}


class TestKeptPasswords:
    def test_are_kept_until_they_are_forgotten(self, fresh_project):
        kept = KeptPasswords(fresh_project)
        assert kept.get("ci") is None
        kept.keep("ci", "secret")
        kept.keep("ci", "newer")
        assert kept.get("ci") == "newer"
        kept.forget("ci")
        kept.forget("ci")
        assert kept.get("ci") is None

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
    def test_are_for_the_project_s_owner_alone(self, fresh_project):
        kept = KeptPasswords(fresh_project)
        kept.keep("ci", "secret")
        assert stat.S_IMODE(kept.path("ci").stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.path("ci").parent.stat().st_mode) == 0o700

    @pytest.mark.slow
    def test_that_are_no_longer_right_are_an_error(self, running_project, user):
        KeptPasswords(running_project).keep(user, "outdated")
        with pytest.raises(AccessError) as error:
            running_project.client(user)
        assert error.value.message == (
            f"The server does not accept this password for the user {user!r}."
        )
        assert error.value.hint == "Check both; `pipl proj user list` shows the users."
        assert "outdated" not in f"{error.value} {error.value.context}"

    @pytest.mark.slow
    def test_follow_a_new_password(self, running_project, user):
        log_in(running_project, user, KeptPasswords(running_project).get(user)).close()
        with contextlib.closing(running_project.client(user)) as client:
            set_password(running_project, client, user, "n3w")
        assert KeptPasswords(running_project).get(user) == "n3w"
        assert Logins().get(running_project.address)[0] == user
        with contextlib.closing(running_project.client()) as client:
            assert client.authenticated_user() == user
        with contextlib.closing(running_project.client(user)) as client:
            assert client.authenticated_user() == user

    @pytest.mark.slow
    def test_that_were_not_kept_are_not_kept_later(self, running_project, user):
        KeptPasswords(running_project).forget(user)
        with contextlib.closing(running_project.client("root")) as root:
            set_password(running_project, root, user, "n3w")
        assert KeptPasswords(running_project).get(user) is None
        assert Logins().get(running_project.address) is None


@pytest.mark.slow
class TestTokens:
    def test_of_kept_passwords_are_asked_for_once(self, running_project, user, monkeypatch):
        asked = []
        login = IndexClient.login

        def counted(client, name, password):
            asked.append(name)
            return login(client, name, password)

        monkeypatch.setattr(IndexClient, "login", counted)
        tokens = set()
        for _ in range(3):
            with contextlib.closing(running_project.client(user)) as client:
                assert client.authenticated_user() == user
                tokens.add(client.token)
        assert (asked, len(tokens)) == ([user], 1)
        monkeypatch.setattr(credentials, "TOKEN_KEPT", -1.0)
        running_project.client(user).close()
        assert asked == [user, user]

    def test_of_a_login_are_remembered_and_forgotten(self, running_project, user):
        password = KeptPasswords(running_project).get(user)
        with contextlib.closing(log_in(running_project, user, password)) as client:
            assert Logins().get(running_project.address) == (user, client.token)
            assert password != client.token
        assert log_out(running_project) is True
        assert log_out(running_project) is False
        with contextlib.closing(running_project.client()) as client:
            assert (client.user, client.authenticated_user()) == (None, None)

    def test_of_a_login_count_where_no_password_is_kept(self, running_project, user):
        kept = KeptPasswords(running_project)
        log_in(running_project, user, kept.get(user)).close()
        kept.forget(user)
        with contextlib.closing(running_project.client(user)) as client:
            assert client.authenticated_user() == user

    def test_are_not_remembered_after_a_wrong_password(self, running_project, own_state):
        with pytest.raises(AccessError):
            log_in(running_project, "ci", "wrong")
        assert Logins().get(running_project.address) is None


@pytest.mark.slow
class TestVariables:
    def test_come_before_a_login(self, running_project, user, monkeypatch):
        password = KeptPasswords(running_project).get(user)
        log_in(running_project, "ci", KeptPasswords(running_project).get("ci")).close()
        monkeypatch.setenv("PIPL_USER", user)
        monkeypatch.setenv("PIPL_PASSWORD", password)
        with contextlib.closing(authenticated_client(running_project)) as client:
            assert client.authenticated_user() == user
        # Who is asked for by name is not whoever the variables name.
        with contextlib.closing(authenticated_client(running_project, "ci")) as client:
            assert client.authenticated_user() == "ci"

    @pytest.mark.parametrize("name", ["PIPL_USER", "PIPL_PASSWORD"])
    def test_alone_mean_nothing(self, running_project, own_state, monkeypatch, name):
        monkeypatch.setenv(name, "ci")
        with contextlib.closing(authenticated_client(running_project)) as client:
            assert client.user is None

    def test_with_a_wrong_password_are_an_error(self, running_project, own_state, monkeypatch):
        monkeypatch.setenv("PIPL_USER", "ci")
        monkeypatch.setenv("PIPL_PASSWORD", "")
        with pytest.raises(AccessError, match="does not accept this password for the user 'ci'"):
            authenticated_client(running_project)

    def test_leave_other_users_alone(self, running_project, own_state):
        with pytest.raises(AccessError) as error:
            client_with_password(running_project, "root", "")
        assert error.value.context
