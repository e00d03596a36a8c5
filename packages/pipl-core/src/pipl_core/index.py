"""Talks to devpi's JSON API over one connection that is kept open."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from pipl_hooks import normalized_name

from ._project_file import MIRROR_INDEX
from .errors import AccessError, ConflictError, CoreError, NotFoundError, ServerError
from .names import check_index_name, check_user_name

if TYPE_CHECKING:
    from pathlib import Path

_OBJECT = re.compile(r" <[\w.]+ object at 0x[0-9a-f]+>")
"""What devpi-server writes into some messages in place of a name."""

SIMPLE_TYPE = "application/vnd.pypi.simple.v1+json"
"""Content type of a simple page as JSON (PEP 691)."""

CHUNK = 2**20
"""Bytes of a download that are in memory at once."""

_PACKL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")

TIMEOUT = (5, 120)
"""Seconds to wait for a connection, and for the next bytes of an answer."""


MIRROR_TIMEOUT = (5, 20)
"""The same where the third-party mirror first has to ask its own index."""


@dataclass(frozen=True)
class IndexInfo:
    """An index of the server.

    Attributes:
        name: `root/PROJ`.
        type: `stage` or `mirror`.
        bases: Indexes from which it inherits.
        volatile: Whether releases in it may be replaced.
        acl_upload: Who may upload.
    """

    name: str
    type: str
    bases: tuple[str, ...]
    volatile: bool
    acl_upload: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """A file of a packl's version in an index.

    Attributes:
        index: Index that it lies in.
        name: Name of the packl.
        version: Its version.
        file: File name.
        path: Path on the server, without a leading slash.
        digest: `sha256:` and the hexadecimal digest.
    """

    index: str
    name: str
    version: str
    file: str
    path: str
    digest: str


class IndexClient:
    """A client of a project's server, anonymous or as one user.

    Args:
        address: Address of the server.
        user: Who is asking; anonymous where None.
        token: The user's token, from `login`.
    """

    def __init__(self, address: str, user: str | None = None, token: str | None = None) -> None:
        self.address = address.rstrip("/")
        self.user = user
        self.token = token
        self._session = requests.Session()
        # Loopback and studio addresses: a proxy for the outside world must not get in between.
        self._session.trust_env = not self._is_loopback()
        if user is not None and token is not None:
            credentials = base64.b64encode(f"{user}:{token}".encode()).decode()
            self._session.headers["X-Devpi-Auth"] = credentials

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    # -- users ---------------------------------------------------------------------------------

    def login(self, user: str, password: str) -> str:
        """Return a token for a user; it lasts ten hours.

        Raises:
            AccessError: The server does not accept the password.
        """
        data = self._json("POST", "+login", json={"user": user, "password": password})
        return str(data["result"]["password"])

    def authenticated_user(self) -> str | None:
        """Return as whom the server sees us; None when anonymous or when the token ran out."""
        status = self._json("GET", "+api")["result"].get("authstatus", ["noauth", ""])
        return str(status[1]) if status[0] == "ok" else None

    def users(self) -> dict[str, dict[str, Any]]:
        """Return what the server says of each user, by name."""
        return dict(self._json("GET", "")["result"])

    def add_user(self, name: str, password: str, email: str = "") -> None:
        """Make a user.

        Raises:
            ConflictError: There is one of that name.
            CoreError: Name or password cannot be one.
        """
        _check_password(password)
        self._json("PUT", check_user_name(name), json={"password": password, "email": email})

    def change_user(self, name: str, **values: str) -> str | None:
        """Change a user's password or email, and return the new token after a new password.

        Raises:
            CoreError: Name or password cannot be one.
        """
        if "password" in values:
            _check_password(values["password"])
        answer = self._json("PATCH", check_user_name(name), json=values)
        result = answer.get("result")
        return str(result["password"]) if answer.get("type") == "userpassword" and result else None

    def remove_user(self, name: str) -> None:
        """Remove a user, with all indexes that are theirs."""
        self._json("DELETE", check_user_name(name))

    # -- indexes -------------------------------------------------------------------------------

    def indexes(self) -> list[IndexInfo]:
        """List all indexes, sorted by name."""
        found = []
        for user, info in self.users().items():
            for name, index in info.get("indexes", {}).items():
                found.append(_index_info(f"{user}/{name}", index))
        return sorted(found, key=lambda index: index.name)

    def index(self, name: str) -> IndexInfo:
        """Return one index.

        Raises:
            NotFoundError: There is none of that name.
        """
        return _index_info(
            name, self._json("GET", f"{check_index_name(name)}?no_projects=")["result"]
        )

    def add_index(self, name: str, **values: object) -> None:
        """Make an index.

        Raises:
            ConflictError: There is one of that name.
        """
        if values.get("type") == "stage":
            # devpi would let everybody, even strangers, post test results.
            values.setdefault("acl_toxresult_upload", values.get("acl_upload", []))
        self._json("PUT", check_index_name(name), json=values)

    def change_index(self, name: str, **values: object) -> None:
        """Change an index."""
        self._json(
            "PATCH",
            check_index_name(name),
            json=[f"{key}={_plain(value)}" for key, value in values.items()],
        )

    def packls(self, index: str) -> list[str]:
        """List the names of the packls in an index, without what it inherits."""
        return sorted(self._json("GET", check_index_name(index))["result"].get("projects", []))

    # -- releases ------------------------------------------------------------------------------

    def releases(self, index: str, name: str) -> list[Release]:
        """List the files of a packl in an index, without what it inherits; empty where none."""
        if not _PACKL.match(name):  # it would lead elsewhere
            return []
        try:
            data = self._json("GET", f"{index}/{normalized_name(name)}?ignore_bases=")
        except NotFoundError:
            return []
        found = []
        for version, metadata in data["result"].items():
            for link in metadata.get("+links", []):
                release = _release(index, name, version, link)
                if release is not None and release.path.startswith(f"{index}/"):
                    found.append(release)
        return found

    def release(self, index: str, name: str, version: str) -> Release | None:
        """Return the wheel of one version in an index, without what it inherits."""
        wheels = [r for r in self.releases(index, name) if r.version == version]
        return next((r for r in wheels if r.file.endswith(".whl")), None)

    def simple(self, index: str, name: str) -> dict[str, Any]:
        """Return the page of a packl for installers, with what an index inherits (PEP 691).

        Each of its `files` has a `filename`, `url` and `hashes`, and where known a `size`, an
        `upload-time` (PEP 700: when it arrived in its index) and `yanked`, the reason of a yank.

        Raises:
            NotFoundError: The index has no such packl, nor has any that it inherits from.
        """
        path = f"{index}/+simple/{normalized_name(name)}/"
        return self._json("GET", path, headers={"Accept": SIMPLE_TYPE})

    def yank(self, index: str, name: str, version: str, reason: str) -> bool:
        """Yank a release, so that nobody gets it who does not name exactly this version (PEP 592).

        Args:
            index: Index that it lies in.
            name: Name of the packl.
            version: Its version, as the index has it.
            reason: Why; shown to those who have it.

        Returns:
            Whether it was not yanked for that reason before.

        Raises:
            NotFoundError: The index itself has no such release.
            AccessError: The user may not upload to the index.
        """
        return self._change_yank("yank", index, name, version, reason=reason)

    def unyank(self, index: str, name: str, version: str) -> bool:
        """Take the yank of a release back, and tell whether there was one.

        Raises:
            NotFoundError: The index itself has no such release.
            AccessError: The user may not upload to the index.
        """
        return self._change_yank("unyank", index, name, version)

    def _change_yank(self, verb: str, index: str, name: str, version: str, **more: str) -> bool:
        body = {"index": index, "project": normalized_name(name), "version": version, **more}
        return bool(self._json("POST", f"+pipl/{verb}", json=body)["changed"])

    def third_party_has(self, name: str) -> bool | None:
        """Tell whether the third-party mirror has a package; None where it cannot tell just now."""
        path = f"{MIRROR_INDEX}/+simple/{normalized_name(name)}/"
        try:
            self._request("GET", path, stream=True, timeout=MIRROR_TIMEOUT).close()
        except NotFoundError:
            return False
        except CoreError:  # the mirror's own index does not answer
            return None
        return True

    def upload(self, index: str, wheel: Path, metadata: Mapping[str, str]) -> None:
        """Upload a wheel; the same content under the same name is no error.

        In a volatile index it replaces what is there, and even the same content is an event of
        the server, by which people have done again what failed.

        Args:
            index: Index to upload to.
            wheel: The file.
            metadata: Its core metadata, by the upload API's names; `name` and `version` at least.

        Raises:
            ConflictError: Other content has been released under this version.
            AccessError: The user may not upload there.
        """
        content = wheel.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        fields = {
            ":action": "file_upload",
            "protocol_version": "1",
            "filetype": "bdist_wheel",
            "pyversion": "py3",
            "sha256_digest": digest,
            **metadata,
        }
        files = {"content": (wheel.name, content, "application/octet-stream")}
        try:
            self._request("POST", f"{index}/", data=fields, files=files)
        except ConflictError:
            if self._has(index, metadata, digest):  # another upload was quicker
                return
            msg = f"{metadata['name']} {metadata['version']} is in {index} already, with other content."
            hint = "A released version never changes: `pipl packl bump patch`, then publish."
            raise ConflictError(msg, hint=hint) from None

    def _has(self, index: str, metadata: Mapping[str, str], digest: str) -> bool:
        existing = self.release(index, metadata["name"], metadata["version"])
        return existing is not None and existing.digest == f"sha256:{digest}"

    def push(self, source: str, name: str, version: str, target: str) -> None:
        """Push a version from one index to another; doing it again is no error.

        Raises:
            ConflictError: Other content has been released under this version.
            AccessError: The user may not upload to the target.
        """
        body = {"name": normalized_name(name), "version": version, "targetindex": target}
        try:
            self._json("PUSH", source, json=body)
        except ConflictError as error:
            here, there = self.release(source, name, version), self.release(target, name, version)
            if here is None or there is None or here.digest != there.digest:
                msg = f"{name} {version} is in {target} already, with other content."
                hint = "A released version never changes: bump the version and publish again."
                raise ConflictError(msg, context=error.message, hint=hint) from None

    def download(self, path: str, target: Path, digest: str) -> Path:
        """Fetch a file, and check its digest.

        Raises:
            ServerError: The bytes are not those that the digest names.
        """
        told = hashlib.sha256()
        response = self._request("GET", path, headers={"Accept": "*/*"}, stream=True)
        try:
            with response, target.open("wb") as stream:
                for chunk in response.iter_content(CHUNK):
                    told.update(chunk)
                    stream.write(chunk)
        except requests.RequestException as error:
            target.unlink()
            msg = f"{self.address} broke off while it sent {path}."
            raise ServerError(msg, context=type(error).__name__, hint="Try again.") from error
        actual = f"sha256:{told.hexdigest()}"
        if actual != digest:
            target.unlink()
            msg = f"The server sent other bytes for {path} than it announced."
            raise ServerError(msg, context=f"{actual} instead of {digest}.", hint="Try again.")
        return target

    def missing(self, path: str) -> str | None:
        """Return why a file cannot be had from the server; None where it can.

        Raises:
            ServerError: The server does not run.
        """
        try:
            self._request("HEAD", path, headers={"Accept": "*/*"})
        except (NotFoundError, AccessError):
            return "the project's server does not have it any more"
        except ServerError:
            if not self.answers():
                raise
            return "the project's server does not reach where it came from"
        return None

    # -- the server itself ---------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """Return what pipl's plugin says of the server: its uuid and versions."""
        return self._json("GET", "+pipl/status")

    def events(self, since: int, wait: float, limit: int = 500) -> dict[str, Any]:
        """Return the part of the event feed that comes after `since`."""
        return self._json("GET", f"+pipl/events?since={since}&wait={wait}&limit={limit}")

    def answers(self) -> bool:
        """Tell whether a devpi server answers at the address."""
        try:
            return bool(self._json("GET", "+api").get("type") == "apiconfig")
        except CoreError:
            return False

    # -- requests ------------------------------------------------------------------------------

    def _json(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        response = self._request(method, path, **arguments)
        try:
            data = response.json()
        except ValueError:
            data = None
        if not isinstance(data, dict):
            msg = f"{self.address} gave an answer that makes no sense."
            context = f"{method} {path}: {response.text[:200]!r}"
            hint = "Does another program listen there? See `pipl proj status`."
            raise ServerError(msg, context=context, hint=hint)
        return data

    def _request(self, method: str, path: str, **arguments: Any) -> requests.Response:  # noqa: ANN401
        headers = {"Accept": "application/json", **arguments.pop("headers", {})}
        arguments.setdefault("timeout", TIMEOUT)
        try:
            response = self._session.request(
                method, f"{self.address}/{path}", headers=headers, **arguments
            )
        except requests.RequestException as error:
            msg = f"No server answers at {self.address}."
            hint = "Start it: `pipl proj start`, or `pipl proj start --detach`."
            raise ServerError(msg, context=type(error).__name__, hint=hint) from error
        if not response.ok:
            raise self._error(response)
        return response

    def _error(self, response: requests.Response) -> CoreError:
        try:
            lines = _OBJECT.sub("", str(response.json()["message"])).splitlines()
            said = "\n".join(line.strip() for line in lines if line.strip())
        except (ValueError, KeyError, TypeError):
            said = ""
        said = said or response.reason or response.text[:200]
        who = self.user or "anonymous"
        code = response.status_code
        if code in {requests.codes.unauthorized, requests.codes.forbidden}:
            hint = "Log in as somebody who may: `pipl login USER`."
            if self.user:
                hint += " A login lasts ten hours."
            return AccessError(f"The server refused this to {who}.", context=said, hint=hint)
        if code in {requests.codes.not_found, requests.codes.gone}:
            hint = "`pipl proj index list-indexes` and `pipl proj user list` show what is there."
            return NotFoundError("The server does not have that.", context=said, hint=hint)
        if code == requests.codes.conflict:
            return ConflictError("The server has that already.", context=said)
        if code == requests.codes.bad_request:
            return CoreError("The server did not accept that.", context=said)
        msg = f"The server failed with the status {code}."
        return ServerError(msg, context=said, hint="Its log tells more: `pipl proj status`.")

    def _is_loopback(self) -> bool:
        host = self.address.partition("://")[2].rpartition(":")[0]
        return host in {"localhost", "127.0.0.1", "[::1]"}


def _check_password(password: str) -> None:
    if not password or not all(char.isprintable() for char in password):
        what = "holds characters that cannot be typed" if password else "is empty"
        msg = f"This cannot be a password: it {what}."
        raise CoreError(msg, hint="Use letters, digits and signs; `--generate` makes one up.")


def _index_info(name: str, data: Mapping[str, Any]) -> IndexInfo:
    return IndexInfo(
        name=name,
        type=data["type"],
        bases=tuple(data.get("bases", ())),
        volatile=bool(data.get("volatile", False)),
        acl_upload=tuple(data.get("acl_upload", ())),
    )


def _release(index: str, name: str, version: str, link: Mapping[str, Any]) -> Release | None:
    if link.get("rel") != "releasefile":
        return None
    path = link["href"].partition("#")[0].partition("://")[2].partition("/")[2]
    hashes = link.get("hashes") or {}
    digest = hashes.get("sha256") or str(link.get("hash_spec", "")).rpartition("=")[2]
    return Release(index, name, version, path.rpartition("/")[2], path, f"sha256:{digest}")


def _plain(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(map(str, value))
    return str(value)
