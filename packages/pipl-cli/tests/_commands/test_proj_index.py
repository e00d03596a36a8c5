import json


def test_lists_packls(pipl, project):
    result = pipl("proj", "index", "list")
    assert result.status == 0
    rows = [line.split()[0] for line in result.out.splitlines()]
    assert rows[0] == "PACKL"
    assert {"pipl-assetstore", "pipl-envset", "pipl-hooks", "pipl-pipe"} <= set(rows[1:])
    assert rows[1:] == sorted(rows[1:])
    found = json.loads(pipl("proj", "index", "list", "--json").out)
    assert [packl["name"] for packl in found] == rows[1:]
    assert pipl("login", "root").status == 0
    assert pipl("proj", "index", "create-sub", "empty").status == 0
    empty = pipl("proj", "index", "list", "root/empty")
    assert (empty.status, empty.out, empty.err) == (0, "", "There is nothing in root/empty.\n")


def test_unknown_indexes(pipl, project):
    result = pipl("proj", "index", "list", "root/nope")
    assert (result.status, result.out, result.err) == (
        1,
        "",
        (
            "error: The server does not have that.\n"
            "  The stage root/nope could not be found.\n"
            "hint: `pipl proj index list-indexes` and `pipl proj user list` show what is there.\n"
        ),
    )
    assert pipl("proj", "index", "create-sub", "fx", "--bases", "root/nope").status == 1


def test_a_mirror_is_not_listed(pipl, project):
    result = pipl("proj", "index", "list", "root/pypi")
    assert result.status == 1
    assert result.err.startswith("error: root/pypi is a mirror; what it mirrors is not listed.\n")


def test_makes_an_index_of_whoever_is_logged_in(pipl, project):
    refused = pipl("proj", "index", "create-sub", "fx")
    assert refused.status == 1
    assert "no permission to create index ann/fx" in refused.err
    assert pipl("login", "root").status == 0
    result = pipl("proj", "index", "create-sub", "fx", "--no-volatile")
    assert (result.status, result.out) == (0, "<address>/root/fx\n")
    assert "root/fx" in pipl("proj", "index", "list-indexes").out
    again = pipl("proj", "index", "create-sub", "fx")
    assert again.status == 1
    assert again.err.startswith("error: The server has that already.\n")


def test_the_devpi_client_knows_the_project(pipl, project):
    result = pipl("proj", "devpi", "--", "index", "root/PROJ")
    assert result.status == 0
    assert result.out.startswith("<address>/root/PROJ:\n  type=stage\n")
    result = pipl("proj", "devpi", "--", "index", "-c", "nope/x")
    assert result.status != 0
