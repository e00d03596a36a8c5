import click
import pytest

from pipl_cli._groups import LazyGroup, tree
from pipl_hooks import Command, PluginError


@click.command()
def hello():
    click.echo("hello")


COMMANDS = [
    Command("work", "", "Workspaces."),
    Command("work list", "no.such.module:command", "List them."),
    Command("show play", f"{__name__}:hello", "Play it."),
    Command("broken", "json:dumps", "Not a command."),
]


def run(*arguments, commands=COMMANDS):
    return LazyGroup(tree(commands), "pipl").main(list(arguments), "pipl", standalone_mode=False)


def test_help_imports_no_command(capsys):
    run("work", "--help")
    assert capsys.readouterr().out == (
        "Usage: pipl work [OPTIONS] COMMAND [ARGS]...\n\n  Workspaces.\n\n"
        "Options:\n  -h, --help  Show this message and exit.\n\n"
        "Commands:\n  list  List them.\n\n"
        "  Example:\n    pipl work list --help\n"
    )


def test_a_group_without_description_is_a_group(capsys, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or _this())
    run("show", "play")
    assert capsys.readouterr().out == "hello\n"


def test_a_later_command_takes_the_place(capsys, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or _this())
    run("work", "list", commands=[*COMMANDS, Command("work list", f"{__name__}:hello", "Mine.")])
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.parametrize(
    ("word", "context"),
    [
        ("work list", "no.such.module:command: ModuleNotFoundError: No module named 'no'"),
        ("broken", "json:dumps is no click command but <function dumps at "),
    ],
)
def test_a_command_that_cannot_be_loaded_says_so(word, context):
    with pytest.raises(PluginError) as caught:
        run(*word.split())
    assert caught.value.message == f"The command `pipl {word}` cannot be loaded."
    assert caught.value.context.startswith(context)


@click.command("list", epilog="Example")
@click.option("--shout", is_flag=True)
def listing(shout):
    """List all."""
    click.echo("ALL" if shout else "all")


ACTING = [
    Command("things", f"{__name__}:listing", "Things."),
    Command("things hello", f"{__name__}:hello", "Hi."),
]


@pytest.fixture
def acting(monkeypatch):
    """Runs a group that is a command, too."""
    import sys

    here = _this()
    here.listing = listing
    monkeypatch.setitem(sys.modules, __name__, here)
    return lambda *words: run("things", *words, commands=ACTING)


@pytest.mark.parametrize(
    ("words", "printed"), [((), "all\n"), (("--shout",), "ALL\n"), (("hello",), "hello\n")]
)
def test_a_group_may_do_something_without_a_further_word(acting, capsys, words, printed):
    acting(*words)
    assert capsys.readouterr().out == printed


def test_the_help_of_such_a_group_is_that_of_its_command(acting, capsys):
    acting("--help")
    assert capsys.readouterr().out == (
        "Usage: pipl things [OPTIONS] [COMMAND] [ARGS]...\n\n  List all.\n\n"
        "Options:\n  --shout\n  -h, --help  Show this message and exit.\n\n"
        "Commands:\n  hello  Hi.\n\n  Example\n"
    )


def test_options_before_a_further_word_are_wrong_usage(acting):
    with pytest.raises(click.UsageError, match=r"^Options come after the word hello\.$"):
        acting("--shout", "hello")


def test_an_unknown_word_after_such_a_group_is_wrong_usage(acting):
    with pytest.raises(click.UsageError, match="No such command 'bye'"):
        acting("bye")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("wrok", "No such command 'wrok'. Did you mean 'work'?"),
        ("work lsit", "No such command 'lsit'. Did you mean 'list'?"),
        ("compositing", "No such command 'compositing'."),
        (f"work {'x' * 1000}", f"No such command {'x' * 1000!r:.100}."),
    ],
)
def test_an_unknown_command_is_told_the_nearest(words, said):
    with pytest.raises(click.UsageError) as caught:
        run(*words.split())
    assert (caught.value.message, caught.value.exit_code) == (said, 2)


def _this():
    from types import SimpleNamespace

    return SimpleNamespace(hello=hello)
