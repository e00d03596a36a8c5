from __future__ import annotations

import pytest

from pipl_hooks import FormatError, PacklInfo
from pipl_pipe import InstalledPackl, PipelineError, workspace


def test_a_packl_has_a_version_and_its_data(environment):
    package = environment.install("char-rig", version="2.1")
    packl = InstalledPackl("char_rig")
    assert (packl.name, packl.version) == ("char_rig", "2.1")
    assert packl.data_folder == package / "_packl"
    assert packl.info == PacklInfo("code")
    assert packl.references == {}


def test_its_data_is_found_without_an_import(environment):
    environment.install("explosive", "1 / 0")
    assert InstalledPackl("explosive").info == PacklInfo("code")


def test_one_that_is_not_installed_is_an_error(environment):
    with pytest.raises(PipelineError) as error:
        _ = InstalledPackl("nothing_there").version
    assert error.value.message == "The packl nothing_there is not installed in this environment."
    assert error.value.hint == "pipl work install nothing_there"
    with pytest.raises(PipelineError) as error:
        _ = InstalledPackl("nothing_there").info
    assert error.value.message == "The packl nothing_there has no import package 'nothing_there'."


def test_one_without_packl_toml_is_an_error(environment):
    package = environment.install("bare", packl=None)
    with pytest.raises(PipelineError) as error:
        _ = InstalledPackl("bare").info
    assert error.value.message == f"{package / '_packl' / 'packl.toml'} is missing."


def test_broken_data_is_a_format_error(environment):
    package = environment.install("broken", packl="kind = ")
    with pytest.raises(FormatError, match=r"\Apackl.toml is not valid TOML\."):
        _ = InstalledPackl("broken").info
    (package / "_packl" / "assets.json").write_text("{", encoding="utf-8")
    with pytest.raises(FormatError, match=r"\Aassets.json cannot be read\.") as error:
        _ = InstalledPackl("broken").references
    assert error.value.context.startswith(f"{package / '_packl' / 'assets.json'}: JSONDecodeError(")


def test_data_that_is_no_utf_8_is_a_format_error(environment):
    data = environment.install("broken", packl="") / "_packl"
    for name in ("packl.toml", "assets.json"):
        (data / name).write_bytes(b"\xff")
    with pytest.raises(FormatError, match=r"\Apackl.toml is no UTF-8\."):
        _ = InstalledPackl("broken").info
    with pytest.raises(FormatError, match=r"\Aassets.json is no UTF-8\.") as error:
        _ = InstalledPackl("broken").references
    assert error.value.context.startswith(f"{data / 'assets.json'}: 'utf-8' codec can't decode")


def test_the_workspace_is_the_folder_around_the_environment(environment):
    assert workspace() == environment.workspace


def test_without_a_marker_it_is_no_workspace(environment):
    (environment.workspace / "workspace.toml").unlink()
    with pytest.raises(PipelineError) as error:
        workspace()
    assert error.value.message == "This Python does not run in a workspace."
    assert error.value.context == f"{environment.workspace} has no workspace.toml."
