import pytest

import check_repository

CORE = "packages/pipl-core"
METADATA = f"{CORE}/pyproject.toml"


def test_a_good_repository_has_no_problem(repository, capsys):
    assert check_repository.main([str(repository)]) == 0
    assert capsys.readouterr().out == "3 distributions, no problem\n"


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("README.md", "README.md is missing"),
        ("src/pipl_core/py.typed", "src/pipl_core/py.typed is missing"),
        ("tests/test_pipl_core.py", "tests/ has no test"),
    ],
)
def test_a_missing_file_is_a_problem(repository, file, problem):
    (repository / CORE / file).unlink()

    assert check_repository.check(repository) == [f"{CORE}: {problem}"]


def test_a_missing_folder_of_changes_is_a_problem(repository, remove):
    remove(repository / CORE / "changes")

    assert check_repository.check(repository) == [f"{CORE}: the folder changes/ is missing"]


def test_a_meta_package_needs_no_code(repository, remove):
    remove(repository / CORE / "src")
    remove(repository / CORE / "tests")

    assert check_repository.check(repository) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"LGPL-3.0-or-later"', '"MIT"', 'license must be "LGPL-3.0-or-later"'),
        ('">=3.11"', '">=3.9"', 'requires-python must be ">=3.11"'),
        ("Typing :: Typed", "Private :: pipl", 'no classifier begins with "Typing :: Typed"'),
        (
            '"Typing :: Typed"',
            '"Typing :: Typed", "License :: OSI Approved"',
            "the license is given by its field, and never by a classifier",
        ),
        ('name = "pipl-core"', 'name = "Pipl-Core"', "the folder is not named like"),
    ],
)
def test_wrong_metadata_is_a_problem(repository, edit, old, new, problem):
    edit(repository / METADATA, old, new)

    assert check_repository.check(repository)[0].startswith(f"{CORE}: {problem}")


@pytest.mark.parametrize("specifier", ["", "==0.1.0", ">=0.1", "<1", ">=0.1,<1,==0.1.0"])
def test_siblings_are_ranges(repository, edit, specifier):
    edit(repository / METADATA, "pipl-hooks>=0.1,<1", f"pipl_hooks{specifier}")

    (problem,) = check_repository.check(repository)
    assert "a sibling needs a range" in problem


def test_siblings_of_extras_are_ranges_too(repository, edit):
    extras = '[project.optional-dependencies]\nall = ["sample-prop", "pipl-core[x]", "other"]\n'
    edit(repository / METADATA, "[tool.hatch", f"{extras}\n[tool.hatch")

    (problem,) = check_repository.check(repository)
    assert problem.endswith("""">=0.1,<1": 'sample-prop'""")


def test_import_linter_knows_every_distribution(repository, edit):
    edit(repository / "pyproject.toml", ', "pipl_core"', "")

    assert check_repository.check(repository) == [
        "pyproject.toml: import-linter's contracts leave out pipl_core"
    ]


@pytest.mark.parametrize(
    ("line", "is_problem"),
    [
        ("see /ho" + "me/jo/pipl", True),
        ("see C:\\Us" + "ers\\jo\\pipl", True),
        ('"C:\\\\Us' + 'ers\\\\jo\\\\pipl"', True),
        ("see /ro" + "ot/.cache", True),
        ("see /home/alice/pipl", False),
        ("push to http://server/root/.hidden", False),
        ("the index root/pypi at /root/pypi", False),
        ("see http://server/home/page/", False),
    ],
)
def test_a_path_of_one_machine_is_a_problem(repository, line, is_problem):
    (repository / "notes.md").write_text(f"# Notes\n\n{line}\n", encoding="utf-8")

    found = ["notes.md:3: names a path of one machine"] if is_problem else []
    assert check_repository.check(repository) == found


def test_the_path_of_this_repository_is_a_problem(repository):
    (repository / "run").write_text(f"cd {repository}\n")
    (repository / "report.xml").write_text(f"<made in='{repository}'/>")
    (repository / "picture.png").write_bytes(b"\x89PNG\xff")

    assert check_repository.check(repository) == ["run:1: names a path of one machine"]


def test_problems_are_lines_on_stderr(repository, capsys):
    (repository / METADATA).write_text("[project")

    assert check_repository.main([str(repository)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "pyproject.toml: not TOML" in line
