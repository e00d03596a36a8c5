from __future__ import annotations

import pytest

from pipl_pipe import PipelineError, Product, services


def product(environment, name, type_name="poem", requires=(), code=None):
    code = code or "from poem_types import PoemProduct\n\nPRODUCT = PoemProduct(__name__)\n"
    environment.install(
        name,
        code,
        requires=requires,
        entry_points={"pipl_pipe.product": {name: f"{name}:PRODUCT"}},
        packl=f'format = 1\nkind = "product"\ntype = "{type_name}"\n[entity]\nprop = "{name}"\n',
    )


def test_a_product_knows_its_packl(types):
    product(types, "ode")
    ode = services.products.get("ode")
    assert (ode.name, ode.version, ode.entity) == ("ode", "1.0.0", {"prop": "ode"})
    assert repr(ode) == "<PoemProduct ode>"
    assert list(ode.assets) == ["text", "notes"]


def test_products_are_listed_without_an_import(types):
    product(types, "ode", code="1 / 0")
    product(types, "elegy")
    assert services.products.names() == ["elegy", "ode"]


def test_an_unknown_product_is_an_error(types):
    product(types, "ode")
    with pytest.raises(PipelineError) as error:
        services.products.get("sonnet")
    assert error.value.message == "No Product 'sonnet' is installed here."
    assert error.value.context == "There are: ode."
    assert error.value.hint == "pipl work install sonnet"


def test_dependencies_come_before_what_depends_on_them(types):
    product(types, "a", requires=["b", "not-installed"])
    product(types, "b", requires=["c>=1", "library"])
    product(types, "c", requires=["a"])
    types.install("library", requires=["c"])
    assert [each.name for each in services.products.get("a").dependencies()] == ["c", "b"]


def test_dependencies_of_extras_and_other_platforms_do_not_count(types):
    product(types, "a", requires=["b ; extra == 'edit'", "c ; sys_platform == 'amiga'"])
    product(types, "b")
    product(types, "c")
    assert services.products.get("a").dependencies() == []


def test_dependencies_of_other_types_are_not_imported(types):
    product(types, "a", requires=["b", "c"])
    product(types, "b", "song", code="1 / 0")
    product(types, "c")
    a = services.products.get("a")
    assert [each.name for each in a.dependencies(type="poem")] == ["c"]
    assert a.dependencies(type="dance") == []


def test_products_on_which_nothing_depends_are_not_imported(types):
    product(types, "a", requires=["b"])
    product(types, "b")
    product(types, "c", code="1 / 0")
    assert [each.name for each in services.products.get("a").dependencies()] == ["b"]


def test_a_product_that_cannot_be_imported_names_its_packl(types):
    product(types, "ode", code="1 / 0")
    with pytest.raises(PipelineError) as error:
        services.products.get("ode")
    assert error.value.message == "The Product 'ode' of ode 1.0.0 cannot be imported."


def test_types_of_products_are_found_by_name(types):
    import poem_types

    assert list(services.products.types) == ["poem", "product"]
    assert services.products.types["poem"] is poem_types.PoemProduct


def test_a_class_declares_what_its_bases_declare(types):
    from poem_types import PoemProduct

    from pipl_pipe import Asset

    class Longer(PoemProduct):
        text = Asset("folder")
        more = Asset()

    assert {name: a.type_name for name, a in Longer.declared_assets().items()} == {
        "text": "folder",
        "notes": "text",
        "more": "file",
    }
    assert Product.declared_assets() == {}
