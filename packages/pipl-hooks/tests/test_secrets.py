from __future__ import annotations

from pipl_hooks.secrets import masked


def test_values_of_secret_keys_are_hidden_wherever_they_are():
    data = {
        "root": "/assets",
        "password": "p",
        "S3_Secret": ["s"],
        "api-key": 5,
        "deep": [{"access_token": "t", "keys": "k"}],
    }
    assert masked(data) == {
        "root": "/assets",
        "password": "***",
        "S3_Secret": "***",
        "api-key": "***",
        "deep": [{"access_token": "***", "keys": "k"}],
    }


def test_an_empty_secret_is_seen_to_be_empty():
    assert masked({"password": ""}) == {"password": ""}


def test_what_holds_no_keys_stays_as_it_is():
    assert masked("password") == "password"
    assert masked(None) is None
    assert masked({5: "x"}) == {5: "x"}
