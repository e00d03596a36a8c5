import types

import click
import pytest

import build_docs
import docs_commands
import docs_hooks
from pipl_hooks import hookspec, specs


@hookspec(firstresult=True)
def pipl_colour(shot: str, first: "int | None" = None) -> "str | None":
    """Choose the colour of a shot.

    Called when a shot is shown. The first answer wins.

    Args:
        shot: Name of the shot,
            as the edit gives it.
        first: Its first frame.

    Returns:
        A colour.
    """


@hookspec
def pipl_shown(shot: str) -> None:
    """Take notice of a shot that was shown.

    Called afterwards. All implementations are called.

    Args:
        shot: Name of the shot.
    """


def module_of(*hooks):
    module = types.ModuleType("fake_specs", "Hooks that are called in a test.")
    vars(module).update({hook.__name__: hook for hook in hooks})
    return module


def with_docstring(text):
    def pipl_fake(shot: str) -> str: ...

    pipl_fake.__doc__ = text
    return module_of(hookspec(pipl_fake))


@pytest.fixture
def examples(tmp_path):
    folder = tmp_path / "hooks"
    folder.mkdir()
    for hook in ("pipl_colour", "pipl_shown", "pipl_fake"):
        (folder / f"{hook}.py").write_text(f'"""Answer {hook}."""\n')
    return folder


def test_a_hook_is_shown_with_its_signature_arguments_result_and_example(examples):
    page = docs_hooks.hooks_page([module_of(pipl_colour)], examples)

    assert page.partition("### pipl_colour\n")[2] == (
        "\n```python\n@hookspec(firstresult=True)\n"
        "def pipl_colour(shot: str, first: int | None) -> str | None\n```\n\n"
        "Choose the colour of a shot.\n\n"
        "Called when a shot is shown. The first answer wins.\n\n"
        "- `shot`: Name of the shot, as the edit gives it.\n"
        "- `first`: Its first frame.\n\n"
        "**Returns:** A colour.\n\n"
        '```python\n"""Answer pipl_colour."""\n```\n'
    )
    assert "| [`pipl_colour`](#pipl_colour) | choose the colour of a shot |\n" in page


def test_well_documented_hooks_have_no_problems(examples):
    assert docs_hooks.hook_problems([module_of(pipl_colour, pipl_shown)], examples) == []


def test_a_hook_without_an_example_is_a_problem(examples):
    (examples / "pipl_shown.py").unlink()

    assert docs_hooks.hook_problems([module_of(pipl_colour, pipl_shown)], examples) == [
        "fake_specs.pipl_shown: has no example in hooks/"
    ]


@pytest.mark.parametrize(
    ("docstring", "problem"),
    [
        (None, "has no docstring"),
        (
            "Fake it.\n\nArgs:\n    shot: Which.\n\nReturns:\n    It.",
            'does not say when it is called, in a paragraph that begins with "Called"',
        ),
        ("Fake it.\n\nCalled now.\n\nReturns:\n    It.", "does not describe the argument shot"),
        ("Fake it.\n\nCalled now.\n\nArgs:\n    shot: Which.", "does not say what to return"),
        (
            "Fake it.\n\nCalled now.\n\nArgs:\n    shot: One.\n    take: 1.\n\nReturns:\n    It.",
            "describes take, which is no argument",
        ),
    ],
)
def test_a_hook_that_is_not_documented_is_a_problem(examples, docstring, problem):
    found = docs_hooks.hook_problems([with_docstring(docstring)], examples)

    assert found == [f"fake_specs.pipl_fake: {problem}"]


def test_pipls_own_hooks_are_documented():
    assert docs_hooks.hook_problems(specs.ALL, build_docs.EXAMPLES) == []


@click.group()
def pipl():
    """The root."""


@pipl.group()
def shot():
    """Shots of the edit."""


@shot.command(epilog="\b\nExample:\n  pipl shot view sq010\n  pipl shot view sq020")
@click.argument("name")
@click.option("-f", "--first", type=int, help="First frame, 1 | 2.")
def view(name, first):
    """View a shot.

    Its frames are
    loaded first.

    \b
    one  1
    two  2
    """


def test_a_command_is_shown_with_its_usage_help_options_and_example():
    page = docs_commands.commands_page(pipl)

    assert page.partition("|---|---|\n")[2] == (
        "| [`pipl shot view`](#pipl-shot-view) | View a shot. |\n"
        "\n## pipl shot\n\nShots of the edit.\n"
        "\n### pipl shot view\n\n```\npipl shot view [OPTIONS] NAME\n```\n\n"
        "View a shot.\n\nIts frames are loaded first.\n\n```\none  1\ntwo  2\n```\n\n"
        "| option | means |\n|---|---|\n| `-f, --first INTEGER` | First frame, 1 \\| 2. |\n\n"
        "```console\n$ pipl shot view sq010\n$ pipl shot view sq020\n```\n"
    )


def test_a_command_without_example_or_help_is_a_problem():
    bare = click.Group("pipl", commands=[click.Command("bare")], help="The root.")

    assert docs_commands.command_problems(pipl) == []
    assert docs_commands.command_problems(bare) == [
        "pipl bare: has no help",
        "pipl bare: has no example",
    ]


def test_a_group_that_does_something_by_itself_is_shown_as_a_command():
    acting = click.Group(
        "shots",
        commands=[view],
        invoke_without_command=True,
        params=[click.Option(["--json"], is_flag=True, help="Print JSON.")],
        help="List shots.",
        epilog="\b\nExample:\n  pipl shots",
    )
    root = click.Group("pipl", commands=[acting], help="The root.")

    page = docs_commands.commands_page(root)

    assert page.partition("|---|---|\n")[2].startswith(
        "| [`pipl shots`](#pipl-shots) | List shots. |\n"
        "| [`pipl shots view`](#pipl-shots-view) | View a shot. |\n"
        "\n## pipl shots\n\n```\npipl shots [OPTIONS] [COMMAND] [ARGS]...\n```\n\nList shots.\n\n"
        "| option | means |\n|---|---|\n| `--json` | Print JSON. |\n\n"
        "```console\n$ pipl shots\n```\n"
        "\n### pipl shots view\n"
    )
    acting.epilog = None
    assert docs_commands.command_problems(root) == ["pipl shots: has no example"]


def test_what_samples_add_is_left_out():
    added = click.Command("play", callback=lambda: None)
    added.callback.__module__ = "sample_show.plugin"
    root = click.Group("pipl", commands=[shot, click.Group("show", commands=[added])])

    paths = [entry.path for entry in docs_commands.entries_of("pipl", root)]

    assert paths == ["pipl", "pipl shot", "pipl shot view"]


def test_differences_name_each_line(tmp_path):
    pages = {"hooks.md": "one\ntwo\n", "commands.md": "one\n"}
    (tmp_path / "hooks.md").write_text("one\n-- three\n")

    assert build_docs.differences(pages, tmp_path) == [
        "docs/reference/hooks.md: should not have: -- three",
        "docs/reference/hooks.md: should have: two",
        "docs/reference/commands.md: is missing; write it with: nox -s docs -- --write",
    ]

    build_docs.write(pages, tmp_path)
    assert build_docs.differences(pages, tmp_path) == []


def test_check_fails_by_differences_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_docs, "REFERENCE", tmp_path)
    monkeypatch.setattr(build_docs, "build", lambda: ({"hooks.md": "one\n"}, []))
    monkeypatch.setattr("sys.argv", ["build_docs.py", "--check"])

    assert build_docs.main() == 1
    assert capsys.readouterr().out.startswith("docs/reference/hooks.md: is missing")
    assert not list(tmp_path.iterdir())

    monkeypatch.setattr("sys.argv", ["build_docs.py"])
    assert build_docs.main() == 0
    monkeypatch.setattr("sys.argv", ["build_docs.py", "--check"])
    assert build_docs.main() == 0


def test_an_undocumented_hook_fails_also_when_pages_are_as_they_should(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(build_docs, "REFERENCE", tmp_path)
    monkeypatch.setattr(build_docs, "build", lambda: ({}, ["x.pipl_y: has no docstring"]))
    monkeypatch.setattr("sys.argv", ["build_docs.py", "--check"])

    assert build_docs.main() == 1
    assert capsys.readouterr().out == "x.pipl_y: has no docstring\n"
