from __future__ import annotations

import pytest

from pipl_envset import EnvSetError, Set, installed_envsets, make_environment
from pipl_pipe import Services

CODE = """
from pipl_envset import EnvSet, Set


class Some(EnvSet):
    def changes(self):
        return [Set("{name}".upper(), self.packl.version)]


ENV = Some(__name__)
"""


def install(environment, name, code=CODE, requires=(), version="1.0.0"):
    environment.install(
        name,
        code.replace("{name}", name),
        version=version,
        requires=requires,
        entry_points={"pipl_pipe.envset": {name: f"{name}:ENV"}},
        packl='format = 1\nkind = "envset"\n',
    )


def test_come_after_what_their_packls_depend_on(environment):
    install(environment, "a", requires=["library"])
    environment.install("library", requires=["z>=1"])
    install(environment, "m", requires=["not-installed ; extra == 'edit'"])
    install(environment, "z", requires=["a"])
    assert [envset.name for envset in installed_envsets()] == ["z", "a", "m"]


def test_add_up_to_the_service_env(environment):
    install(environment, "usd_env", version="25.1")
    made = make_environment({})
    assert made.variables["USD_ENV"].applied_to(None) == "25.1"
    assert Services().env == made


def test_know_their_packl_and_change_nothing_by_themselves(environment):
    install(environment, "usd_env", "from pipl_envset import EnvSet\n\nENV = EnvSet(__name__)\n")
    (envset,) = installed_envsets()
    assert (envset.name, envset.packl.version) == ("usd_env", "1.0.0")
    assert list(envset.changes()) == list(envset.tool_changes()) == []
    assert envset.tool_name is None


def test_one_that_cannot_be_loaded_is_named(environment):
    install(environment, "broken", "1 / 0", version="2.0")
    with pytest.raises(EnvSetError) as error:
        installed_envsets()
    assert error.value.message == "The EnvSet of broken 2.0 cannot be loaded."
    assert error.value.context == "broken:ENV: ZeroDivisionError: division by zero"


def test_what_is_no_envset_is_named(environment):
    install(environment, "wrong", "ENV = 5")
    with pytest.raises(EnvSetError) as error:
        installed_envsets()
    assert error.value.message == "wrong:ENV of wrong 1.0.0 is no EnvSet."


def test_changes_are_plain_data():
    assert Set("A", "1") == Set("A", "1")
