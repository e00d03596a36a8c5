import subprocess
import tomllib
from pathlib import Path

import check_imports
from check_imports import without

SETTINGS = {
    "root_packages": ["a", "b", "c", "d"],
    "include_external_packages": True,
    "contracts": [
        {"type": "layers", "layers": ["a | b", "c : d"]},
        {"type": "independence", "modules": ["c"]},
        {"type": "forbidden", "source_modules": ["a", "c"], "forbidden_modules": ["click", "c"]},
    ],
}


def test_settings_stay_as_they_are_when_nothing_is_missing():
    assert without(SETTINGS, frozenset()) == SETTINGS


def test_missing_packages_leave_the_contracts():
    assert without(SETTINGS, frozenset({"b", "c"})) == {
        "root_packages": ["a", "d"],
        "include_external_packages": True,
        "contracts": [
            {"type": "layers", "layers": ["a", "d"]},
            {"type": "forbidden", "source_modules": ["a"], "forbidden_modules": ["click"]},
        ],
    }


def test_import_linter_gets_the_contracts_of_what_is_here(repository, monkeypatch, capsys):
    text = '[tool.importlinter]\nroot_packages = ["pipl_hooks", "pipl_core", "pipl_ci"]\n'
    contract = '[[tool.importlinter.contracts]]\nname = "x"\ntype = "independence"\n'
    modules = 'modules = ["pipl_core", "pipl_ci"]\n'
    (repository / "pyproject.toml").write_text(text + contract + modules)
    seen = {}

    def run(command, **_):
        config = Path(command[command.index("--config") + 1])
        seen.update(tomllib.loads(config.read_text())["tool"]["importlinter"])
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)

    assert check_imports.main(repository) == 3
    assert seen["root_packages"] == ["pipl_hooks", "pipl_core"]
    assert seen["contracts"][0]["modules"] == ["pipl_core"]
    assert capsys.readouterr().out == "left out, not in this repository yet: pipl_ci\n"
