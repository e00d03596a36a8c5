"""The addresses `/+pipl/yank` and `/+pipl/unyank`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.response import Response

from pipl_hooks.events import FORMAT

from . import _devpi_yanks

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

MAX_REASON = 500
"""Characters of a reason, which stands in every simple page of its project."""


@dataclass(frozen=True)
class Order:
    """What somebody wants to be yanked, or not any more.

    Attributes:
        index: Name of the index, `root/PROJ`.
        project: Name of the packl.
        version: Its version, as the index has it.
        reason: Why; None to take the yank back.
    """

    index: str
    project: str
    version: str
    reason: str | None = None

    @classmethod
    def from_body(cls, body: bytes, *, with_reason: bool) -> Order:
        """Read the body of a request.

        Raises:
            ValueError: It makes no sense. The message says what.
        """
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            msg = "the body must be a JSON object"
            raise ValueError(msg)  # noqa: TRY004  a mistake of whoever asks
        index, project, version = (_text(data, name) for name in ("index", "project", "version"))
        if index.count("/") != 1:
            msg = "index must be USER/INDEX"
            raise ValueError(msg)
        return cls(index, project, version, _text(data, "reason") if with_reason else None)


class YankViews:
    """The answers.

    Args:
        model: devpi's model, which knows the indexes.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - devpi has no types
        self._model = model

    def yank(self, request: Request) -> Response:
        """Yank a release: installers take it no more, unless somebody names exactly this version."""
        return self._change(request, with_reason=True)

    def unyank(self, request: Request) -> Response:
        """Take the yank of a release back."""
        return self._change(request, with_reason=False)

    def _change(self, request: Request, *, with_reason: bool) -> Response:
        try:
            order = Order.from_body(request.body, with_reason=with_reason)
        except ValueError as error:
            return _response({"message": str(error)}, status=400)
        stage = self._model.getstage(order.index)
        if stage is None:
            return _response({"message": f"there is no index {order.index}"}, status=404)
        if stage.ixconfig["type"] == "mirror":
            message = f"{order.index} is a mirror, whose yanks are those of its upstream"
            return _response({"message": message}, status=400)
        user = request.authenticated_userid
        if not request.has_permission("upload", context=stage):
            message = f"{user or 'anonymous'} may not upload to {order.index}, so not yank there"
            return _response({"message": message}, status=403 if user else 401)
        changed = _devpi_yanks.set_yanked(
            stage, order.project, order.version, user=user, reason=order.reason
        )
        if changed is None:
            message = f"there is no release {order.project} {order.version} in {order.index}"
            return _response({"message": message}, status=404)
        return _response({"format": FORMAT, "yanked": order.reason or False, "changed": changed})


def add_yank_views(pyramid_config: Configurator, model: Any) -> None:  # noqa: ANN401
    """Add the two addresses; on a replica, devpi hands what is posted there to the primary.

    Args:
        pyramid_config: Where they are added.
        model: devpi's model.
    """
    views = YankViews(model)
    for route, view in {"/+pipl/yank": views.yank, "/+pipl/unyank": views.unyank}.items():
        pyramid_config.add_route(route, route)
        pyramid_config.add_view(view, route_name=route, request_method="POST")


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        msg = f"{name} must be a text in one line, and not empty"
        raise ValueError(msg)
    if len(value) > MAX_REASON:
        msg = f"{name} must have at most {MAX_REASON} characters"
        raise ValueError(msg)
    return value.strip()


def _response(data: dict[str, object], *, status: int = 200) -> Response:
    body = json.dumps(data, ensure_ascii=False).encode()
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return Response(body=body, status=status, headerlist=headers)
