"""Products and Tasks of a workspace, listed without importing them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipl_core import NotFoundError
from pipl_core.products import InstalledProduct, installed_product, installed_products
from pipl_hooks import AssetReference, PacklInfo
from pipl_hooks.assets import references_to_text
from pipl_testing import in_environment

pytestmark = pytest.mark.needs_tools

POINTS = {"pipl_pipe.product": {"hero_model": "hero_model:PRODUCT"}}
INFO = 'format = 1\nkind = "product"\ntype = "model"\nentity = { character = "hero" }\n'
USD = AssetReference("usd", "usd", "1.2.0", "sha256:" + "0" * 64, 5, 1)


@pytest.fixture
def workspace(tmp_path):
    """What is read of a workspace: its packls, and an environment with a site-packages folder."""
    site = tmp_path / ".venv" / "lib" / "python3" / "site-packages"
    site.mkdir(parents=True)
    environment = SimpleNamespace(
        folder=tmp_path / ".venv", site_packages=[site], check=lambda: None
    )
    packls = []
    return SimpleNamespace(
        name="lab",
        environment=environment,
        site=site,
        packls=packls,
        readable_packls=lambda warn: packls,
    )


def test_are_what_offers_a_product_or_a_task(workspace):
    data = {"packl.toml": INFO, "assets.json": references_to_text([USD])}
    code = "raise RuntimeError('imported')"
    in_environment(
        workspace.site, "hero_model", code, version="1.2.0", entry_points=POINTS, data=data
    )
    in_environment(workspace.site, "tools", entry_points={"pipl_pipe.envset": {"x": "tools:X"}})
    assert installed_products(workspace) == [
        InstalledProduct(
            *("hero_model", "1.2.0", "product", "model", {"character": "hero"}, None),
            {"usd": USD},
        )
    ]
    assert installed_product(workspace, "Hero-Model").version == "1.2.0"


def test_in_edition_are_read_from_their_folder(workspace, throw_away_packl, tmp_path):
    in_environment(workspace.site, "hero_model", entry_points=POINTS, data={"packl.toml": INFO})
    packl = throw_away_packl(
        tmp_path, "hero_model", version="v3", info=PacklInfo("product", "sketch", {"prop": "x"})
    )
    workspace.packls.append(packl)
    (product,) = installed_products(workspace)
    assert product == InstalledProduct(
        *("hero_model", "3", "product", "sketch", {"prop": "x"}, packl.folder), {}
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"packl.toml": "["}, "packl.toml"),
        ({"packl.toml": "format = 7"}, "Format 7 of packl.toml is not known here."),
        ({"packl.toml": INFO, "assets.json": "{"}, "assets.json"),
        ({"packl.toml": INFO, "assets.json": "[]"}, "assets.json"),
    ],
)
def test_that_are_damaged_hide_no_others(workspace, data, problem):
    in_environment(workspace.site, "hero_model", entry_points=POINTS, data=data)
    points = {"pipl_pipe.task": {"anim": "anim:TASK"}}
    task = 'format = 1\nkind = "task"\ntype = "anim"\n'
    in_environment(workspace.site, "anim", entry_points=points, data={"packl.toml": task})
    anim, hero = installed_products(workspace)
    assert (anim.kind, anim.type, anim.problem) == ("task", "anim", None)
    assert (hero.name, hero.kind, hero.type, hero.assets) == ("hero_model", "product", None, {})
    assert problem in hero.problem


def test_without_a_data_folder_are_a_problem(workspace):
    package = in_environment(workspace.site, "hero_model", entry_points=POINTS)
    (package / "_packl" / "packl.toml").unlink()
    (hero,) = installed_products(workspace)
    assert str(package / "_packl" / "packl.toml") in hero.problem


def test_that_are_not_there_are_errors(workspace):
    with pytest.raises(NotFoundError) as error:
        installed_product(workspace, "hero")
    assert error.value.message == "The workspace lab has no product 'hero'."
    assert error.value.hint == "It has: none. Install one: `pipl work install NAME`."
