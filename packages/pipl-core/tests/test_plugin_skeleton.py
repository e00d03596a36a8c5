import pytest

from pipl_core import NotFoundError, Packl, Workspace
from pipl_core.plugin import pipl_packl_files
from pipl_core.plugin_skeleton import with_plugin

ASK = """
from pipl_hooks import load_plugins
plugins = load_plugins()
print([source.packl for source in plugins.sources], [str(f.reason) for f in plugins.failures])
"""


@pytest.fixture
def files():
    return dict(pipl_packl_files("studio_naming", "code", "How we name things"))


def test_a_plugin_is_added_to_the_skeleton(files):
    made = with_plugin(files, "studio_naming", "pipl_product_name")

    assert {path for path in made if made[path] != files.get(path)} == {
        "pyproject.toml",
        "src/studio_naming/plugin.py",
    }
    assert made["src/studio_naming/plugin.py"] == (
        '"""What studio_naming answers when pipl asks."""\n'
        "\n"
        "from __future__ import annotations\n"
        "\n"
        "from pipl_hooks import hookimpl\n"
        "\n"
        "\n"
        "@hookimpl\n"
        "def pipl_product_name(task: str, output: str) -> str | None:\n"
        '    """Answer `pipl_product_name` as its specification in pipl-hooks asks."""\n'
        "    return None\n"
    )
    added = [
        line
        for line in made["pyproject.toml"].splitlines()
        if line not in files["pyproject.toml"].splitlines()
    ]
    assert added == [
        'dependencies = ["pipl-hooks>=0.1.0,<0.2"]',
        "[project.entry-points.pipl]",
        'studio_naming = "studio_naming.plugin"',
    ]


def test_an_unknown_hook_lists_those_there_are(files):
    with pytest.raises(NotFoundError) as caught:
        with_plugin(files, "studio_naming", "pipl_product_nam")

    assert caught.value.message == "There is no hook 'pipl_product_nam'."
    assert "pipl_product_name, " in caught.value.context
    assert caught.value.hint == (
        "Did you mean 'pipl_product_name'? `pipl plugins` lists all hooks."
    )


@pytest.mark.slow
def test_a_packl_made_with_a_hook_is_a_plugin_at_once(workspace):
    with pytest.raises(NotFoundError):
        Packl.create(workspace, "studio_naming", hook="pipl_nothing")
    assert workspace.packls == []

    packl = Packl.create(workspace, "studio_naming", hook="pipl_product_name")

    assert [str(requirement) for requirement in packl.requirements()] == ["pipl-hooks<0.2,>=0.1.0"]
    done = Workspace(workspace.folder).environment.run_python(["-c", ASK], quiet=True)
    assert done.stdout == "['pipl-envset', 'studio_naming'] []\n"
