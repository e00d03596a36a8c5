import json

import pytest

from pipl_cli import _passwords
from pipl_core import Project
from pipl_core.credentials import KeptPasswords, client_with_password
from pipl_core.project import free_port

WARNING = (
    "warning: a password among the arguments can be seen in the list of processes and in the "
    "shell's history; `pipl login root` and the prompts keep it secret.\n"
)
REFUSED = (
    "error: The server does not accept this password for the user 'root'.\n"
    "  user 'root' could not be authenticated\n"
    "hint: Check both; `pipl proj user list` shows the users.\n"
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    arguments = ("--argon2-memory-cost", "8192", "--argon2-time-cost", "1")
    folder = tmp_path_factory.mktemp("fresh") / "MyProject"
    project = Project.create(folder, port=free_port(0), server_arguments=arguments)
    project.server.start_detached(handlers=False)
    yield project
    project.server.stop()


def test_the_first_transcript_word_by_word(pipl, fresh, monkeypatch):
    monkeypatch.chdir(fresh.folder)
    result = pipl("proj", "user", "list")
    assert (result.out, result.err) == ("Found 1 user(s) in project MyProject: root\n", "")
    result = pipl("proj", "user", "set", "", "root", "--password", "123")
    assert (result.status, result.out) == (0, "")
    assert result.err == WARNING + "Set the password of root.\n"
    result = pipl("proj", "user", "add", "123", "bob", "b0b", "bob@pipl.io")
    assert (result.status, result.err) == (0, WARNING + "Made the user bob.\n")
    result = pipl("proj", "index", "create-default", "123")
    assert (result.status, result.err) == (0, WARNING + "Made the index root/PROJ.\n")
    result = pipl("proj", "index", "list-indexes")
    assert result.out == (
        "INDEX      TYPE    BASES      VOLATILE  WHO UPLOADS\n"
        "root/PROJ  stage   root/pypi  -         root, ci\n"
        "root/pypi  mirror  -          -         -\n"
    )
    assert pipl("proj", "user", "list").out == "Found 2 user(s) in project MyProject: bob, root\n"
    users = json.loads(pipl("proj", "user", "list", "--json").out)
    assert users == [{"name": "bob", "email": "bob@pipl.io"}, {"name": "root", "email": ""}]
    for words in (
        ("user", "set", "wrong", "root", "--password", "x"),
        ("user", "add", "wrong", "eve", "x"),
        ("user", "remove", "wrong", "bob"),
        ("index", "create-default", "wrong"),
    ):
        result = pipl("proj", *words)
        assert (result.status, result.out, result.err) == (1, "", WARNING + REFUSED)


def test_the_safe_way(pipl, project, monkeypatch):
    answers = iter(["s3cret", "n3w"])
    monkeypatch.setattr(_passwords, "has_terminal", lambda: True)
    monkeypatch.setattr(_passwords.click, "prompt", lambda *_, **__: next(answers))
    said = "Logged in as root at <address>; this lasts ten hours.\n"
    assert pipl("login", "root").err == said
    assert pipl("proj", "user", "add", "joe", "joe@pipl.io").err == "Made the user joe.\n"
    client_with_password(project, "joe", "s3cret").close()
    assert pipl("proj", "user", "set", "joe").err == "Set the password of joe.\n"
    client_with_password(project, "joe", "n3w").close()
    result = pipl("proj", "user", "set", "joe", "--password-stdin", given="p1ped\n")
    assert (result.status, result.out) == (0, "")
    client_with_password(project, "joe", "p1ped").close()
    result = pipl("proj", "user", "set", "joe", "--generate")
    client_with_password(project, "joe", result.out.strip()).close()
    assert pipl("proj", "user", "set", "joe", "--email", "j@pipl.io").status == 0
    assert pipl("proj", "index", "create-sub", "joe/own").out == "<address>/joe/own\n"
    result = pipl("proj", "user", "remove", "joe")
    assert (result.status, result.err) == (
        1,
        (
            "error: The user joe has indexes, which would be removed, too.\n"
            "  joe/own\n"
            "hint: Add --with-indexes to remove them.\n"
        ),
    )
    assert pipl("proj", "user", "remove", "joe", "--with-indexes").status == 0
    result = pipl("proj", "user", "remove", "joe")
    assert result.err.startswith("error: There is no user 'joe'.\nhint: There is: ann, ci, root")


def test_what_the_project_keeps_follows_the_password(pipl, project):
    assert pipl("login", "root").status == 0
    result = pipl("proj", "user", "set", "root", "--generate")
    assert KeptPasswords(project).get("root") == result.out.strip()
    assert pipl("login", "root").status == 0


def test_whoever_may_not_is_refused(pipl, project):
    result = pipl("proj", "user", "add", "eve", "--generate")
    assert (result.status, result.out, result.err) == (
        1,
        "",
        (
            "error: The server refused this to ann.\n"
            "  Access was denied to this resource.\n"
            "  Unauthorized: PyPIView failed permission check\n"
            "hint: Log in as somebody who may: `pipl login USER`. A login lasts ten hours.\n"
        ),
    )


@pytest.mark.parametrize("words", [("a", "b"), ("1", "2", "3", "4", "5"), ()])
def test_the_wrong_number_of_words_is_wrong_usage(words, pipl, silent):
    assert pipl("proj", "user", "add", *words).status == 2


def test_nobody_is_asked_without_a_terminal(pipl, project):
    assert pipl("login", "root").status == 0
    result = pipl("proj", "user", "add", "eve")
    assert result.status == 1
    assert result.err.startswith(
        "error: There is no terminal to ask for this: New password of eve."
    )
