"""Hooks of a workspace, each overridden by installing one packl, and back by uninstalling it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipl_hooks.specs import pipeline

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("overrides-in-workspaces")]

ASK = """
from pipl_hooks import PiplError
from pipl_pipe import *
from pipl_pipe._assets import base_name
from pipl_pipe._storing import store_asset
from pathlib import Path
import sys

def attempt(function, *arguments):
    try:
        return function(*arguments)
    except PiplError as error:
        return error.context or error.message

hook = plugins().hook
file = Path(sys.argv[1])
"""

STORED = "attempt(lambda: store_asset('thing', 'it', FileAsset(), file, '1.0').size)"

# What is asked in the workspace, pipl's own answer, and the studio's.
CASES = {
    "pipl_config": (
        "services.config.get('farm')",
        "None",
        "{'host': 'farm.studio', 'priority': 50}",
    ),
    "pipl_config_schema": (
        "services.config['asset_store'].get('mirror')",
        "None",
        "/mnt/mirror",
    ),
    "pipl_service": (
        "attempt(lambda: services.asset_store.put(file, 'file').size)",
        "5",
        "This show is archived.",
    ),
    "pipl_asset_types": (
        """'abc' in type_names('asset') and attempt(
            store_asset, 'thing', 'it', type_named('asset', 'abc')(), file, '1.0')""",
        "False",
        "file is no Alembic file.",
    ),
    "pipl_product_types": (
        """'camera' in type_names('product') and list(
            type_named('product', 'camera').declared_assets())""",
        "False",
        "['camera']",
    ),
    "pipl_task_types": (
        """'review' in type_names('task') and [
            command.name for command in type_named('task', 'review').commands()]""",
        "False",
        "['info', 'note']",
    ),
    "pipl_product_name": (
        "[hook.pipl_product_name(task=t, output='usd') for t in ('vase_model', 'sh010_anim')]",
        "['vase_model_usd', 'sh010_anim_usd']",
        "['vase_usd', 'sh010_anim_usd']",
    ),
    "pipl_asset_base_name": (
        "base_name('sh010_anim_usd', 'anim', FileAsset())",
        "sh010_anim_usd_anim",
        "sh010_anim_usd.anim",
    ),
    "pipl_asset_location": (
        "location('sq010_anim_usd', '1.0.0', 'anim')",
        "sq010_anim_usd/1.0.0/anim",
        "sq010/sq010_anim_usd/v1.0.0/anim",
    ),
    "pipl_check_asset": (
        f"(file.write_bytes(b''), {STORED})[1]",
        "0",
        "file is empty.",
    ),
    "pipl_find_tool": (
        """(server := file.parent,
            (server / 'pen/2.0').mkdir(parents=True, exist_ok=True),
            (server / 'pen/2.0/pen').touch(),
            __import__('os').environ.update(STUDIO_TOOLS=str(server)),
            [Path(program).relative_to(server).as_posix() for program in
                hook.pipl_find_tool(name='pen', requirement='', search=[str(file)])])[-1]""",
        "['file']",
        "['pen/2.0/pen']",
    ),
    "pipl_environment_format": (
        "getattr(hook.pipl_environment_format(name='nu'), 'script', None) is None",
        "True",
        "False",
    ),
}


def test_none_is_left_out() -> None:
    assert list(CASES) == [name for name in vars(pipeline) if name.startswith("pipl_")]


@pytest.mark.parametrize("hook", CASES)
def test_one_packl_overrides_it(bench: Bench, hook: str, tmp_path: Path) -> None:
    expression, pipls, studios = CASES[hook]
    file = tmp_path / "file"

    def answer() -> str:
        file.write_bytes(b"bytes")
        return bench.python(f"{ASK}\nprint({expression})", str(file))

    assert answer() == pipls
    with bench.overriding([hook]):
        assert answer() == studios
    assert answer() == pipls
