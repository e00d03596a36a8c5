import json

from pipl_core.project import free_port


def test_makes_a_project(pipl, tmp_path):
    port = str(free_port(0))
    pipl.names[str(tmp_path)] = "<here>"
    result = pipl("proj", "create", "MyProject", "--port", port)
    assert (result.status, result.out) == (0, "<here>/MyProject\n")
    assert result.err == (
        f"Made the project MyProject. Its server will be at http://127.0.0.1:{port}.\n"
        "Next: cd <here>/MyProject, then `pipl proj start`.\n"
    )
    again = pipl("proj", "create", "MyProject")
    assert (again.status, again.out) == (1, "")
    assert again.err.startswith("error: <here>/MyProject is a project already.\n")


def test_a_port_is_a_number(pipl):
    assert pipl("proj", "create", "MyProject", "--port", "http").status == 2


def test_lists_stages(pipl, silent):
    assert pipl("proj", "list-stages").out == (
        "STAGE      INDEX           HANDLER  NEXT\n"
        "submitted  root/submitted  qa       checked\n"
        "checked    root/checked    process  released\n"
        "released   root/PROJ       -        -\n"
    )
    stages = json.loads(pipl("proj", "list-stages", "--json").out)
    assert stages[2] == {"name": "released", "index": "root/PROJ", "handler": None, "next": None}


def test_sets_up_again(pipl, project):
    result = pipl("proj", "setup", "--artist", "ann")
    assert result.status == 0
    assert result.err == (
        "Setting MyProject up\nMyProject was set up already; the artist is ann.\n"
    )
