"""The meta-package brings the command, the server's plugin and the handlers."""

from importlib.metadata import distribution, requires

from packaging.requirements import Requirement


def test_everything_it_requires_is_installed() -> None:
    required = [Requirement(text) for text in requires("pipl") or []]

    assert [str(requirement) for requirement in required] == [
        "pipl-ci<0.2,>=0.1",
        "pipl-cli<0.2,>=0.1",
        "pipl-core[server,show]<0.2,>=0.1",
    ]
    for requirement in required:
        assert distribution(requirement.name).version in requirement.specifier


def test_the_command_is_there() -> None:
    scripts = [point.name for point in distribution("pipl-cli").entry_points]

    assert "pipl" in scripts
