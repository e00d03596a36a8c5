"""The whole way: from models to a contact sheet, each Task by its own process."""

from __future__ import annotations

import numpy as np
import OpenImageIO as oiio  # noqa: N813  the name by which everybody knows it
import pytest
from pxr import Ar, Usd

from sample_pipeline.testing import Lab

ENTITY = {"sequence": "sq010", "shot": "sh010", "frames": "1001-1025"}
TINY = {"settings": {"resolution": [32, 18], "samples": 4}}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    models = [
        *lab.process("char_hero_model", "model", {"asset": "hero"}),
        *lab.process("set_ground_model", "model", {"asset": "ground"}),
    ]
    layout = lab.process("sq010_sh010_layout", "layout", ENTITY, models)
    anim = lab.process("sq010_sh010_anim", "anim", ENTITY, layout)
    render = lab.process("sq010_sh010_render", "render", ENTITY, anim, TINY)
    assert lab.process("sq010_sh010_comp", "comp", ENTITY, render) == ["sq010_sh010_comp_png"]
    return lab


def test_every_scene_is_found_by_its_location(lab):
    path = lab.path("sq010_sh010_anim_usd", "anim")
    context = Ar.DefaultResolverContext([str(lab.store / "products")])
    stage = Usd.Stage.Open(str(path), context)
    assert stage.GetCompositionErrors() == []
    used = {layer.identifier for layer in stage.GetUsedLayers() if not layer.anonymous}
    assert {name.rpartition("/")[2] for name in used} == {
        "sq010_sh010_anim_usd.anim.usda",
        "sq010_sh010_layout_usd.layout.usda",
        "char_hero_model_usd.model.usda",
        "set_ground_model_usd.model.usda",
    }
    assert str(lab.folder) not in path.read_text()


def test_products_require_what_their_scenes_refer_to(lab):
    code = (
        "from pipl_pipe import services;"
        "product = services.products.get('sq010_sh010_anim_usd');"
        "print(*[each.name for each in product.dependencies()])"
    )
    assert lab.run(["sq010_sh010_anim_usd"], "-c", code).split() == [
        "char_hero_model_usd",
        "set_ground_model_usd",
        "sq010_sh010_layout_usd",
    ]


def test_the_renders_show_something(lab):
    files = sorted(lab.path("sq010_sh010_render_exr", "beauty").iterdir())
    assert [file.name.split(".", 1)[1] for file in files] == [
        "beauty.1001.exr",
        "beauty.1013.exr",
        "beauty.1025.exr",
    ]
    pixels = [oiio.ImageBuf(str(file)).get_pixels(oiio.FLOAT) for file in files]
    for each in pixels:
        assert each.shape == (18, 32, 3)
        assert each.mean() > 0.1
        assert each.std() > 0.05
    assert not np.array_equal(pixels[0], pixels[2])


def test_the_contact_sheet_can_be_made_of_the_comp_alone(lab, tmp_path):
    out = tmp_path / "sheet.png"
    lab.run(["sq010_sh010_comp_png"], "-m", "sample_comp.contact_sheet", str(out))
    image = oiio.ImageBuf(str(out))
    assert (image.spec().width, image.spec().height) == (1420, 104 + 244 + 36)
    assert image.get_pixels(oiio.FLOAT).std() > 0.1
