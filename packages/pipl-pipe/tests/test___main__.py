from __future__ import annotations

import json
import sys

import pytest

from pipl_hooks.assets import references_from_text
from pipl_pipe.__main__ import main


@pytest.fixture
def ask(tmp_path, monkeypatch):
    def ask(*arguments):
        answer = tmp_path / "answer.json"
        monkeypatch.setattr(sys, "argv", ["pipl_pipe", "--answer", str(answer), *arguments])
        status = main()
        return status, json.loads(answer.read_text(encoding="utf-8"))

    return ask


HINT = "Check the spelling, or `pipl work install` the packl that gives 'dancing'."


def written(task):
    with task.draft.edit() as path:
        path.write_text("roses")


def test_describe_tells_what_a_packl_of_a_type_contains(types, ask):
    status, answer = ask("describe", "task", "writing")
    assert status == 0
    assert [each["name"] for each in answer.pop("commands")] == ["info", "write-lines", "fail"]
    assert answer == {
        "type": "writing",
        "target": "poem_types:PoemTask",
        "type_packl": "poem-types",
        "type_version": "1.4.2",
        "assets": ["draft", "pictures"],
    }


def test_describe_of_a_product_has_no_commands(types, ask):
    assert ask("describe", "product", "poem") == (
        0,
        {
            "type": "poem",
            "target": "poem_types:PoemProduct",
            "type_packl": "poem-types",
            "type_version": "1.4.2",
            "commands": [],
            "assets": ["text", "notes"],
        },
    )


def test_an_error_is_in_the_answer(types, ask):
    assert ask("describe", "task", "dancing") == (
        1,
        {
            "error": {
                "message": "No packl in this environment gives the task type 'dancing'.",
                "context": "There are: task, writing.",
                "hint": HINT,
            }
        },
    )


def test_commands_are_those_of_the_task(task, ask):
    status, answer = ask("commands")
    assert (status, answer["task"]) == (0, "sh010_writing")
    assert answer["commands"][1] == {
        "name": "write-lines",
        "attribute": "write_lines",
        "help": "Write the draft.",
        "plain": "write-lines",
        "packl": "",
    }
    _, described = ask("describe", "task", "writing")
    assert described["commands"][1] == {**answer["commands"][1], "program": "write_lines.main"}
    assert ask("programs") == (
        0,
        {
            "sh010_writing-info": "info",
            "task-info": "info",
            "sh010_writing-write-lines": "write-lines",
            "write-lines": "write-lines",
            "sh010_writing-fail": "fail",
            "task-fail": "fail",
        },
    )


def test_programs_of_no_task_or_of_several_are_none(types, ask):
    assert ask("programs") == (0, {})
    for name in ("one", "other"):
        types.install(name, "1 / 0", entry_points={"pipl_pipe.task": {name: f"{name}:TASK"}})
    assert ask("programs") == (0, {})


def test_save_without_bytes_is_an_error(task, ask):
    status, answer = ask("save", "sh010_writing", "1.0.0")
    assert status == 1
    assert answer["error"]["message"] == (
        "The Asset 'draft' of sh010_writing has no bytes to publish."
    )
    assert answer["error"]["context"] == f"There is nothing at {task.draft.work_path}."


def test_an_asset_that_was_not_edited_keeps_its_bytes(task, ask):
    written(task)
    status, (reference,) = ask("save", "sh010_writing", "1.0.0")
    assert (status, reference["name"], reference["revision"]) == (0, "draft", "1.0.0")
    text = json.dumps({"format": 1, "assets": [reference]})
    (task.packl.data_folder / "assets.json").write_text(text, encoding="utf-8")
    task.draft.work_path.unlink()
    place = "sh010_writing/1.1.0/draft"
    assert ask("save", "sh010_writing", "1.1.0") == (
        0,
        [{**reference, "revision": "1.1.0", "location": place}],
    )
    assert ask("assets") == (0, [{"packl": "sh010_writing", **reference}])


def test_assets_are_listed_in_the_order_of_packls_and_names(task, types, ask):
    def row(name):
        digest = "sha256:" + "0" * 64
        return {"name": name, "type": "", "revision": "1", "digest": digest}

    for packl in ("z_poem", "a_poem"):
        package = types.install(
            packl, "1 / 0", entry_points={"pipl_pipe.product": {packl: f"{packl}:PRODUCT"}}
        )
        assets = [{**row(name), "size": 1, "files": 1} for name in ("text", "notes")]
        text = json.dumps({"format": 1, "assets": assets})
        (package / "_packl" / "assets.json").write_text(text, encoding="utf-8")
    status, found = ask("assets")
    assert (status, [(each["packl"], each["name"]) for each in found]) == (
        0,
        [("a_poem", "notes"), ("a_poem", "text"), ("z_poem", "notes"), ("z_poem", "text")],
    )


def test_a_task_is_exported_and_its_products_are_kept(task, ask, tmp_path):
    written(task)
    status, exported = ask("export", str(tmp_path / "export"))
    assert status == 0
    (product,) = exported["products"]
    path = tmp_path / "export" / "sh010_writing_poem" / "text" / "sh010_writing_poem_text.txt"
    assert product["assets"] == {"text": {"type": "text", "path": str(path)}}
    assert product["entity"] == {"shot": "sh010"}
    assert path.read_text() == "roses are red"
    file = tmp_path / "export.json"
    file.write_text(json.dumps(exported), encoding="utf-8")
    status, kept = ask("keep", str(file), "2.0")
    (reference,) = kept["sh010_writing_poem"]
    assert status == 0
    assert (reference["name"], reference["revision"], reference["size"]) == ("text", "2.0", 13)


@pytest.mark.parametrize("answer", ["5", "'../poem'", "'a b'"])
def test_a_product_gets_no_name_that_is_none(task, ask, environment, answer, tmp_path):
    code = "from pipl_hooks import hookimpl\n\n@hookimpl\ndef pipl_product_name(task, output):\n"
    environment.install("odd", f"{code}    return {answer}\n", entry_points={"pipl": {"x": "odd"}})
    status, found = ask("export", str(tmp_path / "export"))
    assert (status, found["error"]["message"]) == (
        1,
        f"A plugin named the Product 'poem' of sh010_writing {answer}.",
    )


def test_reveal_makes_the_assets_of_task_and_products_readable(task, ask, store, tmp_path):
    written(task)
    _, references = ask("save", "sh010_writing", "1.0.0")
    text = json.dumps({"format": 1, "assets": references})
    (task.packl.data_folder / "assets.json").write_text(text, encoding="utf-8")
    (reference,) = references_from_text(text).values()
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps({"sh010_writing_poem": references}), encoding="utf-8")
    path = str(store.path("sh010_writing", reference))
    assert ask("reveal", str(kept), "sh010_writing") == (0, [path, path])


def test_verify_says_what_is_missing(task, ask, store):
    written(task)
    _, references = ask("save", "sh010_writing", "1.0.0")
    text = json.dumps({"format": 1, "assets": references})
    (task.packl.data_folder / "assets.json").write_text(text, encoding="utf-8")
    (reference,) = references_from_text(text).values()
    assert ask("verify", "sh010_writing") == (0, [])
    store.path("sh010_writing", reference).unlink()
    assert ask("verify", "sh010_writing") == (0, ["draft: its bytes are missing"])


def test_a_packl_that_is_not_installed_is_an_error(environment, ask):
    status, answer = ask("verify", "nothing")
    assert status == 1
    assert answer["error"]["message"] == "The packl nothing has no import package 'nothing'."


@pytest.mark.parametrize("arguments", [[], ["dance"], ["describe"], ["describe", "asset", "x"]])
def test_wrong_usage_ends_with_2(ask, arguments, capsys):
    with pytest.raises(SystemExit) as end:
        ask(*arguments)
    assert end.value.code == 2
    assert "usage: python -m pipl_pipe" in capsys.readouterr().err
