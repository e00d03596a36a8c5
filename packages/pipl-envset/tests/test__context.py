from __future__ import annotations

import sysconfig

from pipl_envset import Context, Environment, EnvSet


def test_the_python_path_has_the_packages_and_the_sources_of_packls_in_edition(
    tmp_path, monkeypatch
):
    site, source = tmp_path / "site-packages", tmp_path / "it's edited" / "src"
    for folder in (site, source):
        folder.mkdir(parents=True)
    (site / "_edited.pth").write_text(f"{source}\n\n# a comment\nimport sys\n{tmp_path}/gone\n")
    (site / "second.pth").write_text(f"relative\n{source}\n")
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(site))
    context = Context(EnvSet("a"), Environment(), {})
    assert context.python_path == [str(site), str(source)]


def test_packls_are_known_by_normalized_names(environment):
    environment.install("Some-Packl", version="1.2")
    assert Context(EnvSet("a"), Environment(), {}).packls["some-packl"] == "1.2"
