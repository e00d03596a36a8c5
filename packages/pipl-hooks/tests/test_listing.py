from __future__ import annotations

import types

from pipl_hooks import hookimpl, load_plugins
from pipl_hooks.listing import HookAnswer, HookListing, hook_listings

PLUGIN = """
from pipl_hooks import hookimpl

@hookimpl
def pipl_product_name(task, output):
    return None

@hookimpl
def pipl_config():
    return {}
"""
WRAPPER = """
from pipl_hooks import hookimpl

@hookimpl(wrapper=True)
def pipl_product_name(task, output):
    return (yield)
"""


def listing(plugins, name):
    (found,) = [each for each in hook_listings(plugins) if each.name == name]
    return found


def own_module():
    module = types.ModuleType("pipl_pipe.plugin")

    @hookimpl(trylast=True)
    def pipl_product_name(task, output):
        return "own"

    module.pipl_product_name = pipl_product_name
    return module


def test_all_hooks_are_listed_by_name(environment):
    listings = hook_listings(load_plugins())
    names = [each.name for each in listings]
    assert names == sorted(names)
    assert {"pipl_config", "pipl_installer", "pipl_handler"} < set(names)
    assert {each.place for each in listings} == {"pipeline", "tools", "handlers"}


def test_the_first_asked_wins_and_ours_is_the_fallback(environment):
    for name, code in (("studio", PLUGIN), ("wrapping", WRAPPER)):
        environment.install(name, code, version="2", entry_points={"pipl": {"main": name}})
    found = listing(load_plugins(own=[own_module()]), "pipl_product_name")
    own_version = found.answers[2].version
    assert found == HookListing(
        name="pipl_product_name",
        place="pipeline",
        first_wins=True,
        summary="Name the Product packl that a Task makes.",
        answers=(
            HookAnswer("wrapping:main", "wrapping", "2", "wraps", own=False),
            HookAnswer("studio:main", "studio", "2", "wins", own=False),
            HookAnswer("pipl_pipe.plugin", "pipl-pipe", own_version, "fallback", own=True),
        ),
    )
    assert own_version


def test_all_answers_count_where_none_wins(environment):
    environment.install("studio", PLUGIN, entry_points={"pipl": {"main": "studio"}})
    found = listing(load_plugins(), "pipl_config")
    assert not found.first_wins
    assert [(each.packl, each.role) for each in found.answers] == [("studio", "counts")]


def test_a_misspelt_hook_is_none(environment):
    code = PLUGIN.replace("pipl_product_name", "pipl_product_nam")
    environment.install("studio", code, entry_points={"pipl": {"main": "studio"}})
    plugins = load_plugins()
    assert [failure.source.packl for failure in plugins.failures] == ["studio"]
    assert "pipl_product_nam" not in [each.name for each in hook_listings(plugins)]


def test_a_hook_that_nobody_answers_is_listed_too(environment):
    assert listing(load_plugins(), "pipl_check_asset").answers == ()
