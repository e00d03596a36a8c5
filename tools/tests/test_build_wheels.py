import zipfile

import pytest

import build_wheels
from build_wheels import BuildError


def build(repository, *names):
    return list(build_wheels.build_wheels(repository / "dist", names, root=repository))


def test_it_builds_a_wheel_of_every_distribution(repository):
    results = build(repository)

    assert [result.name for result in results] == ["pipl-core", "pipl-hooks", "sample-prop"]
    assert all(result.fresh for result in results)
    with zipfile.ZipFile(results[2].wheel) as wheel:
        assert "sample_prop/py.typed" in wheel.namelist()
        assert not any("test" in name for name in wheel.namelist())


def test_the_same_sources_give_the_same_bytes(repository):
    build(repository)
    first = {wheel.name: wheel.read_bytes() for wheel in (repository / "dist").glob("*.whl")}
    (repository / "dist" / build_wheels.RECORD).unlink()
    build(repository)

    assert len(first) == 3
    for name, content in first.items():
        assert (repository / "dist" / name).read_bytes() == content


def test_only_what_changed_is_built_again(repository, edit):
    build(repository)
    edit(repository / "packages/pipl-core/src/pipl_core/__init__.py", "What", "Whatever")
    edit(repository / "packages/pipl-hooks/tests/test_pipl_hooks.py", "def ", "def  ")

    fresh = {result.name: result.fresh for result in build(repository)}
    assert fresh == {"pipl-core": True, "pipl-hooks": False, "sample-prop": False}


def test_a_wheel_that_was_deleted_is_built_again(repository):
    (built,) = build(repository, "pipl-core")
    built.wheel.unlink()

    assert build(repository, "pipl-core")[0].fresh
    assert built.wheel.is_file()


def test_a_new_version_takes_the_place_of_the_old_one(repository, edit):
    build(repository)
    edit(repository / "packages/pipl-core/pyproject.toml", "0.1.0", "0.2.0")
    build(repository)

    wheels = sorted(wheel.name for wheel in (repository / "dist").glob("pipl_*.whl"))
    assert wheels == ["pipl_core-0.2.0-py3-none-any.whl", "pipl_hooks-0.1.0-py3-none-any.whl"]


def test_the_wheel_of_a_removed_distribution_goes_too(repository, remove):
    build(repository)
    remove(repository / "packages" / "samples" / "sample-prop")
    build(repository)

    assert not list((repository / "dist").glob("sample_prop*"))
    assert "sample-prop" not in build_wheels.read_record(repository / "dist")


def test_one_broken_distribution_hides_no_other(repository, capsys):
    (repository / "packages/pipl-core/README.md").unlink()

    status = build_wheels.main([str(repository / "dist"), "--root", str(repository)])

    printed = capsys.readouterr()
    assert status == 1
    assert printed.err == "error: pipl-core: Readme file does not exist: README.md\n"
    assert "pipl_hooks-0.1.0-py3-none-any.whl  built" in printed.out
    assert sorted(build_wheels.read_record(repository / "dist")) == ["pipl-hooks", "sample-prop"]


def test_a_name_that_is_no_distribution_is_an_error(repository):
    with pytest.raises(BuildError, match="no such distribution: pipl-nothing"):
        build(repository, "pipl-nothing")


@pytest.mark.parametrize("text", ["", "[]", '{"version": 99, "wheels": {}}', '{"version": 1}'])
def test_a_record_that_cannot_be_used_is_written_anew(repository, text):
    out = repository / "dist"
    out.mkdir()
    (out / build_wheels.RECORD).write_text(text)

    build(repository)

    assert len(build_wheels.read_record(out)) == 3
