import json

import pytest

from pipl_core.credentials import KeptPasswords


def test_logs_in_and_out(pipl, project):
    said = "Logged in as ann at <address>; this lasts ten hours.\n"
    assert pipl("login", "ann").err == said
    result = pipl("whoami")
    assert (result.status, result.out, result.err) == (0, "ann\n", "")
    assert json.loads(pipl("whoami", "--json").out) == {
        "user": "ann",
        "address": "<address>",
        "expired": False,
    }
    assert pipl("logout").err == "Logged out at <address>.\n"
    assert pipl("logout").err == "Nobody was logged in at <address>.\n"
    result = pipl("whoami")
    assert (result.status, result.out) == (1, "")
    assert result.err == "Nobody is logged in at <address>. Log in: `pipl login USER`.\n"
    result = pipl("proj", "index", "create-default")
    assert (result.status, result.out) == (1, "")
    assert (
        result.err == "error: Nobody is logged in at <address>.\nhint: Log in: `pipl login root`.\n"
    )


@pytest.mark.parametrize("user", ["ann", "nobody"])
def test_a_wrong_password_is_refused(user, pipl, project):
    result = pipl("login", user, "--password-stdin", given="wrong\n")
    assert (result.status, result.out, result.err) == (
        1,
        "",
        (
            f"error: The server does not accept this password for the user '{user}'.\n"
            f"  user '{user}' could not be authenticated\n"
            "hint: Check both; `pipl proj user list` shows the users.\n"
        ),
    )


def test_the_password_of_a_variable(pipl, project, monkeypatch):
    kept = KeptPasswords(project)
    password = kept.get("ann")
    kept.forget("ann")
    try:
        result = pipl("login", "ann")
        assert result.status == 1
        assert result.err.startswith(
            "error: There is no terminal to ask for this: Password of ann."
        )
        monkeypatch.setenv("PIPL_PASSWORD", password)
        assert pipl("login", "ann").status == 0
        monkeypatch.setenv("PIPL_USER", "bob")
        assert pipl("login", "ann").status == 1
    finally:
        kept.keep("ann", password)
