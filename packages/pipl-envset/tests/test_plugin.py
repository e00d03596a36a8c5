from __future__ import annotations

import subprocess
import sys

import pipl_envset
from pipl_envset import plugin


def test_all_that_is_public_is_there():
    assert [name for name in pipl_envset.__all__ if not hasattr(pipl_envset, name)] == []
    assert dir(pipl_envset) == pipl_envset.__all__ == sorted(pipl_envset.__all__)


def test_answers_come_after_those_of_everybody_else():
    hooks = [getattr(plugin, name).pipl_impl for name in vars(plugin) if name.startswith("pipl_")]
    assert [options["trylast"] for options in hooks] == [True, True]


def test_a_tool_s_start_does_not_pay_for_envsets():
    code = "import sys, pipl_envset.plugin; print('pipl_pipe' in sys.modules, 'packaging' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False False\n"
