"""Yanking at a real server, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pipl_server._yank_views import MAX_REASON, Order

if TYPE_CHECKING:
    from conftest import DevpiServer

JSON = {"Accept": "application/json"}
SIMPLE = {"Accept": "application/vnd.pypi.simple.v1+json"}
WHOLE = {"index": "root/PROJ", "project": "rig", "version": "1.0", "reason": "broken"}


class TestOrder:
    def test_is_read(self) -> None:
        body = json.dumps({**WHOLE, "reason": " broken ", "more": 1}).encode()
        assert Order.from_body(body, with_reason=True) == Order("root/PROJ", "rig", "1.0", "broken")
        assert Order.from_body(body, with_reason=False) == Order("root/PROJ", "rig", "1.0")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"index": None}, "index must be a text in one line, and not empty"),
            ({"index": "PROJ"}, "index must be USER/INDEX"),
            ({"index": "a/b/c"}, "index must be USER/INDEX"),
            ({"project": ["rig"]}, "project must be a text in one line, and not empty"),
            ({"version": ""}, "version must be a text in one line, and not empty"),
            ({"reason": "  "}, "reason must be a text in one line, and not empty"),
            ({"reason": "one\ntwo"}, "reason must be a text in one line, and not empty"),
            ({"reason": "\ud800"}, "reason must be a text in one line, and not empty"),
            ({"reason": "x" * (MAX_REASON + 1)}, "reason must have at most 500 characters"),
        ],
    )
    def test_that_makes_no_sense(self, change: dict[str, object], message: str) -> None:
        body = json.dumps({**WHOLE, **change}).encode()
        with pytest.raises(ValueError, match=f"^{message}$"):
            Order.from_body(body, with_reason=True)

    @pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"\xff", b"[" * 100_000])
    def test_that_is_no_object(self, body: bytes) -> None:
        with pytest.raises(ValueError, match=r"^the body must be a JSON object$"):
            Order.from_body(body, with_reason=True)


@pytest.fixture
def order(server: DevpiServer, client: httpx.Client, index: str) -> dict[str, str]:
    """What to post to yank a release that is there."""
    server.upload(client, index, "prop-lamp", "1.0")
    return {"index": index, "project": "prop-lamp", "version": "1.0", "reason": "too dim"}


def yanked(server: DevpiServer, order: dict[str, str]) -> object:
    answer = httpx.get(f"{server.url}/{order['index']}/+simple/prop-lamp/", headers=SIMPLE)
    (file,) = answer.json()["files"]
    return file.get("yanked")


@pytest.mark.slow
class TestYanking:
    def test_and_taking_it_back(
        self, server: DevpiServer, client: httpx.Client, since: int, order: dict[str, str]
    ) -> None:
        for changed in (True, False):
            answer = client.post("/+pipl/yank", json=order)
            assert answer.json() == {"format": 1, "yanked": "too dim", "changed": changed}
        assert yanked(server, order) == "too dim"
        for changed in (True, False):
            answer = client.post("/+pipl/unyank", json=order)
            assert answer.json() == {"format": 1, "yanked": False, "changed": changed}
        assert yanked(server, order) is None
        assert told(server.events_after(since, 3)) == [
            ("upload", "root", None),
            ("yank", "root", "too dim"),
            ("unyank", "root", None),
        ]

    def test_name_may_have_any_spelling(
        self, server: DevpiServer, client: httpx.Client, order: dict[str, str]
    ) -> None:
        client.post("/+pipl/yank", json={**order, "project": "Prop_Lamp"}).raise_for_status()
        assert yanked(server, order) == "too dim"

    def test_is_for_those_who_may_upload(
        self, server: DevpiServer, client: httpx.Client, order: dict[str, str]
    ) -> None:
        user = {"password": "b0b", "email": ""}
        name = order["index"].replace("root/submitted", "bob")
        client.put(f"/{name}", json=user, headers=JSON).raise_for_status()
        with server.client(name, "b0b") as bob:
            for who, status, says in ((bob, 403, name), (httpx, 401, "anonymous")):
                for verb in ("yank", "unyank"):
                    answer = who.post(f"{server.url}/+pipl/{verb}", json=order)
                    assert answer.status_code == status
                    assert answer.json() == {
                        "message": f"{says} may not upload to {order['index']}, so not yank there"
                    }
            assert yanked(server, order) is None
            acl = [f"acl_upload={name}"]
            client.patch(f"/{order['index']}", json=acl, headers=JSON).raise_for_status()
            bob.post("/+pipl/yank", json=order).raise_for_status()
        assert yanked(server, order) == "too dim"

    @pytest.mark.parametrize(
        ("change", "status", "message"),
        [
            ({"index": "root/nowhere"}, 404, "there is no index root/nowhere"),
            ({"index": "../nowhere"}, 404, "there is no index ../nowhere"),
            ({"version": "2.0"}, 404, "there is no release prop-lamp 2.0 in {index}"),
            ({"project": "prop-vase"}, 404, "there is no release prop-vase 1.0 in {index}"),
            ({"project": "../.."}, 404, "there is no release ../.. 1.0 in {index}"),
            ({"reason": None}, 400, "reason must be a text in one line, and not empty"),
        ],
    )
    def test_of_what_is_not_there(
        self,
        client: httpx.Client,
        order: dict[str, str],
        change: dict[str, str],
        status: int,
        message: str,
    ) -> None:
        answer = client.post("/+pipl/yank", json={**order, **change})
        assert answer.status_code == status
        assert answer.json() == {"message": message.format(index=order["index"])}

    def test_in_a_mirror_is_refused(self, client: httpx.Client, order: dict[str, str]) -> None:
        mirror = order["index"].replace("submitted", "mirror")
        config = {"type": "mirror", "mirror_url": "http://127.0.0.1:1/"}
        client.put(f"/{mirror}", json=config, headers=JSON).raise_for_status()
        answer = client.post("/+pipl/yank", json={**order, "index": mirror})
        assert answer.status_code == httpx.codes.BAD_REQUEST
        message = f"{mirror} is a mirror, whose yanks are those of its upstream"
        assert answer.json() == {"message": message}

    def test_outlives_the_end_of_the_server(self, own_server: DevpiServer) -> None:
        with own_server.client() as client:
            index = own_server.create_index(client, "submitted")
            own_server.upload(client, index, "prop-lamp", "1.0")
            own_server.upload(client, index, "prop-lamp", "2.0")
            order = {"index": index, "project": "prop-lamp", "reason": "too dim"}
            client.post("/+pipl/yank", json={**order, "version": "1.0"}).raise_for_status()
            own_server.kill()  # as soon as it answered
        own_server.start()
        answer = httpx.get(f"{own_server.url}/{index}/+simple/prop-lamp/", headers=SIMPLE)
        found = {file["filename"]: file.get("yanked") for file in answer.json()["files"]}
        assert found == {
            "prop_lamp-1.0-py3-none-any.whl": "too dim",
            "prop_lamp-2.0-py3-none-any.whl": None,
        }
        assert told(own_server.events_after(0, 3)) == [
            ("upload", "root", None),
            ("upload", "root", None),
            ("yank", "root", "too dim"),
        ]


def told(events: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(event["kind"], event["user"], event["reason"]) for event in events]
