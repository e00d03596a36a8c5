import ast
import tomllib

import pytest

import check_repository


def test_a_skeleton_passes_the_repository_check(repository):
    assert check_repository.check(repository) == []


def test_it_says_what_it_made_and_how_to_test_it(new_packl):
    done = new_packl("pipl-review", "--summary", "Playlists for dailies.")

    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == (
        "made packages/pipl-review; test it with: nox -s tests -- packages/pipl-review"
    )
    assert done.stderr == ""


def test_the_metadata_holds_what_was_asked_for(new_packl, tmp_path):
    new_packl("pipl-review", "--summary", 'Playlists for "dailies"')

    folder = tmp_path / "packages" / "pipl-review"
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["description"] == 'Playlists for "dailies"'
    assert project["requires-python"] == ">=3.11"
    assert project["dependencies"] == []
    assert 'Playlists for "dailies"' in (folder / "README.md").read_text()


@pytest.mark.parametrize("name", ["pipl-envset", "sample-prop"])
def test_what_artists_install_supports_the_python_of_their_tools(new_packl, tmp_path, name):
    sample = name.startswith("sample-")
    new_packl(name, *(["--sample"] if sample else []))

    (file,) = tmp_path.glob(f"packages/**/{name}/pyproject.toml")
    assert tomllib.loads(file.read_text())["project"]["requires-python"] == ">=3.9"
    assert (file.parent.parent.name == "samples") is sample


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Pipl_Review"], "'Pipl_Review' is no name"),
        (["pipl-"], "'pipl-' is no name"),
        (["../pipl"], "'../pipl' is no name"),
        (["import"], "'import' is taken"),
        (["json"], "'json' is taken"),
        (["samples"], "'samples' is taken"),
        (["sample-prop"], "samples, and only they"),
        (["pipl-prop", "--sample"], "samples, and only they"),
        (["pipl-review", "--hook", "pipl_runner"], "packages/pipl-hooks is not in this repository"),
    ],
)
def test_a_bad_name_is_one_clear_error(new_packl, tmp_path, arguments, message):
    done = new_packl(*arguments)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "packages").exists()


def test_an_existing_folder_is_left_alone(repository, new_packl):
    done = new_packl("pipl-core", "--summary", "Something else")

    assert done.returncode == 1
    assert done.stderr == "error: packages/pipl-core exists already\n"
    assert "Something else" not in (repository / "packages/pipl-core/README.md").read_text()


@pytest.mark.parametrize("arguments", [[], ["pipl-a", "pipl-b"], ["pipl-a", "--summary", "a\nb"]])
def test_wrong_usage_has_a_status_of_its_own(new_packl, arguments):
    assert new_packl(*arguments).returncode == 2


def test_a_plugin_answers_the_hook_with_its_own_signature(repository, new_packl):
    assert new_packl("pipl-farm", "--hook", "pipl_runner").returncode == 0

    folder = repository / "packages" / "pipl-farm"
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pipl"] == {"pipl-farm": "pipl_farm.plugin"}
    assert project["dependencies"] == ["pipl-hooks>=0.1,<1"]
    assert (
        (folder / "src/pipl_farm/plugin.py").read_text()
        == '''\
"""What pipl-farm answers when pipl asks."""

from __future__ import annotations

from pathlib import Path

from pipl_hooks import Runner, hookimpl


@hookimpl
def pipl_runner(name: str, folder: Path) -> Runner | None:
    """Answer `pipl_runner` as its specification in pipl-hooks asks."""
    return None
'''
    )


def test_names_that_pipl_hooks_does_not_offer_come_from_their_module(repository, new_packl):
    new_packl("sample-qa", "--sample", "--hook", "pipl_checks")

    text = (repository / "packages/samples/sample-qa/src/sample_qa/plugin.py").read_text()
    assert "from collections.abc import Iterable\n" in text
    assert "from pipl_hooks.interfaces import Check\n" in text
    assert text.endswith("    return []\n")


def test_a_long_signature_is_broken_into_lines(repository, new_packl):
    new_packl("pipl-farm", "--hook", "pipl_a_hook_with_long_arguments")

    text = (repository / "packages/pipl-farm/src/pipl_farm/plugin.py").read_text()
    ast.parse(text)
    assert "    second_of_the_arguments: str,\n" in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("hook", ["pipl_rummer", "pipl_is_no_hook"])
def test_an_unknown_hook_lists_those_there_are(repository, new_packl, hook):
    done = new_packl("pipl-farm", "--hook", hook)

    assert done.returncode == 1
    assert done.stderr == (
        f"error: no hook is named '{hook}'; there are: "
        "pipl_a_hook_with_long_arguments, pipl_checks, pipl_runner\n"
    )
    assert not (repository / "packages" / "pipl-farm").exists()
