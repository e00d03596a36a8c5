from __future__ import annotations

import pipl_pipe
from pipl_pipe import plugins


def test_names_are_ours_where_nobody_else_gives_them(environment):
    hook = plugins().hook
    assert hook.pipl_product_name(task="sh010_anim", output="usd") == "sh010_anim_usd"
    assert hook.pipl_asset_base_name(packl="rig", asset="model", suffix=".usda") == "rig_model.usda"
    assert hook.pipl_asset_location(packl="rig", revision="1.0", asset="m") == "rig/1.0/m"


def test_a_studio_overrides_one_of_them_alone(environment):
    code = (
        "from pipl_hooks import hookimpl\n\n@hookimpl\ndef pipl_product_name(task, output):\n"
        "    return None if output == 'usd' else f'{output}_of_{task}'\n"
    )
    environment.install("names", code, entry_points={"pipl": {"x": "names"}})
    hook = plugins().hook
    assert hook.pipl_product_name(task="t", output="exr") == "exr_of_t"
    assert hook.pipl_product_name(task="t", output="usd") == "t_usd"
    assert hook.pipl_asset_location(packl="rig", revision="1.0", asset="m") == "rig/1.0/m"


def test_everything_public_is_there():
    assert [name for name in pipl_pipe.__all__ if not hasattr(pipl_pipe, name)] == []
