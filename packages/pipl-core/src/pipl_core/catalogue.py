"""The catalogue of a project: what was released in all its indexes, read from them over HTTP."""

from __future__ import annotations

import contextlib
import functools
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

import platformdirs
from packaging.utils import parse_wheel_filename
from packaging.version import Version

from pipl_hooks import ReleaseRecord, normalized_name

from ._project_file import RELEASE_INDEX
from ._wheel_facts import FactsCache, WheelFacts, facts_of, read_cache, write_cache
from .errors import AccessError, NotFoundError, ServerError
from .index import IndexClient
from .plugins import plugins

if TYPE_CHECKING:
    from pipl_hooks import Catalogue

    from .project import Project

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 6
"""Questions to the server at once; it answers one at a time, but packing and sending overlap."""

FORMAT = 1
"""Version of the kept listings."""

_IDENTITY = re.compile(r"[0-9A-Za-z-]+\Z")
"""What a file may be called after."""

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def catalogue_of(project: Project) -> Catalogue:
    """Return the catalogue of a project: a plugin's, else pipl's own.

    Args:
        project: The project; its server must run when the catalogue is asked.
    """
    catalogue: Catalogue | None = plugins().ask(
        "pipl_catalogue", project=project.folder, address=project.address
    )
    return catalogue or IndexCatalogue(project)


@dataclass(frozen=True)
class _Listed:
    """A wheel on a simple page; the attributes are those of `ReleaseRecord`."""

    index: str
    name: str
    version: str
    file: str
    path: str
    digest: str
    uploaded: str | None
    yanked: str | None


class IndexCatalogue:
    """Reads simple pages and wheels, and keeps what it read in the user's cache folder.

    What wheels say is kept by digest, and the pages for as long as the server's serial, which
    every change moves on, stays the same.

    Args:
        project: The project.
        folder: Folder of the cache; the usual one where None.
    """

    def __init__(self, project: Project, folder: Path | None = None) -> None:
        self._project = project
        self._folder = folder or platformdirs.user_cache_path("pipl")
        self._facts = FactsCache(folder / "wheels" if folder else None)
        self._clients: list[IndexClient] = []
        self._kept: tuple[tuple[str, int] | None, dict[str, list[_Listed]]] | None = None
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pipl-catalogue")

    def indexes(self) -> Sequence[str]:
        """Return all indexes but mirrors: releases first, then the stages', then others."""
        there = {index.name for index in self._client().indexes() if index.type != "mirror"}
        stages = (stage.index for stage in self._project.config.stages)
        ordered = dict.fromkeys([RELEASE_INDEX, *stages, *sorted(there)])
        return [name for name in ordered if name in there]

    def names(self) -> Sequence[str]:
        """Return the names of all packls in the indexes."""
        return sorted({name for _, name in self._places()})

    def releases(self, name: str | None = None) -> Sequence[ReleaseRecord]:
        """Return what was released, the oldest version first.

        Raises:
            ServerError: The server does not run.
        """
        listed = self._listed(None if name is None else normalized_name(name))
        facts = self._read({each.digest: each.path for each in listed})
        return [ReleaseRecord(**vars(each), **vars(facts[each.digest])) for each in listed]

    def close(self) -> None:
        """Close the connections."""
        self._pool.shutdown()
        for client in self._clients:
            client.close()

    # -- which wheels there are ------------------------------------------------------------------

    def _listed(self, name: str | None) -> list[_Listed]:
        """Return the wheels of one packl, or of all, sorted."""
        # Asked before the pages, so that what changes meanwhile is noticed the next time.
        state = self._state()
        if self._kept is None or self._kept[0] != state:
            listed = self._from_cache(*state) if state else None
            self._kept = (state, listed) if listed is not None else None
        if self._kept is None:
            if name is not None:
                return self._pages([(index, name) for index in self.indexes()])
            listed = _by_name(self._pages(self._places()))
            if state is None:
                return [each for files in listed.values() for each in files]
            self._kept = (state, listed)
            self._to_cache(*state, listed)
        files = self._kept[1]
        return files.get(name, []) if name else [each for of in files.values() for each in of]

    def _from_cache(self, server: str, serial: int) -> dict[str, list[_Listed]] | None:
        """Return a kept listing by name; None where it is damaged, or of another serial."""
        data = read_cache(self._folder / "listings" / f"{server}.json")
        if data.get("format") != FORMAT or data.get("serial") != serial:
            return None
        with contextlib.suppress(KeyError, TypeError):
            return _by_name([_Listed(**file) for file in data["files"]])
        return None

    def _to_cache(self, server: str, serial: int, listed: Mapping[str, list[_Listed]]) -> None:
        files = [asdict(each) for of in listed.values() for each in of]
        path = self._folder / "listings" / f"{server}.json"
        write_cache(path, {"format": FORMAT, "serial": serial, "files": files})

    def _state(self) -> tuple[str, int] | None:
        """Return the server's identity and serial; nothing is kept of one that tells neither."""
        try:
            status = self._client().status()
            server, serial = str(status["server"]), int(status["serial"])
        except (NotFoundError, KeyError, TypeError, ValueError):
            return None
        return (server, serial) if _IDENTITY.match(server) else None

    def _places(self) -> list[tuple[str, str]]:
        """Return index and name of each packl in each index, without what it inherits."""
        indexes = self.indexes()
        names = self._at_once(lambda index: self._client().packls(index), indexes)
        return [
            (index, normalized_name(name))
            for index, found in zip(indexes, names, strict=True)
            for name in found
        ]

    def _pages(self, places: Sequence[tuple[str, str]]) -> list[_Listed]:
        found = [each for page in self._at_once(self._page, places) for each in page]
        order = {index: number for number, index in enumerate(dict(places))}
        return sorted(found, key=lambda each: _sorted_by(each, order))

    def _page(self, place: tuple[str, str]) -> list[_Listed]:
        index, name = place
        try:
            page = self._client().simple(index, name)
        except NotFoundError:  # gone since the index was listed, or never there
            return []
        base = f"{self._project.address}/{index}/+simple/{name}/"
        try:
            listed = (_listed(index, name, urljoin(base, f["url"]), f) for f in page["files"])
            return [each for each in listed if each is not None]
        except (KeyError, TypeError, AttributeError) as error:
            msg = f"The server gave a page of {name} in {index} that makes no sense."
            raise ServerError(msg, context=repr(error)) from error

    # -- what the wheels say ---------------------------------------------------------------------

    def _read(self, paths: Mapping[str, str]) -> dict[str, WheelFacts]:
        """Return the facts of wheels by digest; those that are not kept are fetched."""
        found = {digest: self._facts.get(digest) for digest in paths}
        missing = [digest for digest, facts in found.items() if facts is None]
        with tempfile.TemporaryDirectory(prefix="pipl-") as folder:
            fetch = functools.partial(self._fetch, paths, Path(folder))
            fetched = dict(zip(missing, self._at_once(fetch, missing), strict=True))
        lasting = {digest: facts for digest, (facts, keep) in fetched.items() if keep}
        if lasting:
            self._facts.keep(lasting)
        known = {digest: facts for digest, facts in found.items() if facts is not None}
        return known | {digest: facts for digest, (facts, _) in fetched.items()}

    def _fetch(
        self, paths: Mapping[str, str], folder: Path, digest: str
    ) -> tuple[WheelFacts, bool]:
        """Return what a wheel says, and whether that is worth keeping."""
        target = folder / digest.partition(":")[2]
        try:
            wheel = self._client().download(paths[digest], target, digest)
        except (AccessError, NotFoundError) as error:
            return WheelFacts(problem=str(error)), False
        facts = facts_of(wheel)
        wheel.unlink()
        return facts, True

    # -- questions ---------------------------------------------------------------------------------

    def _client(self) -> IndexClient:
        """Return this thread's own client, as whoever is logged in."""
        client: IndexClient | None = getattr(self._mine, "client", None)
        if client is None:
            with self._lock:
                if self._clients:
                    first = self._clients[0]
                    client = IndexClient(first.address, first.user, first.token)
                else:  # a password is sent once, and the others use the token
                    client = self._project.client()
                self._clients.append(client)
            self._mine.client = client
        return client

    def _at_once(self, function: Callable[[T], R], values: Iterable[T]) -> list[R]:
        values = list(values)
        if len(values) < 2:  # noqa: PLR2004  no thread is worth it
            return [function(value) for value in values]
        return list(self._pool.map(function, values))


def _listed(index: str, name: str, url: str, file: Mapping[str, Any]) -> _Listed | None:
    """Read one file of a simple page; None for what is inherited, and what is no wheel."""
    path = unquote(urlsplit(url).path).lstrip("/")
    digest = str(file.get("hashes", {}).get("sha256", ""))
    if not path.startswith(f"{index}/+") or not _DIGEST.match(digest):
        return None
    try:
        version = parse_wheel_filename(file["filename"])[1]
    except ValueError:  # InvalidWheelFilename, or a number of thousands of digits
        return None
    uploaded, yanked = file.get("upload-time"), file.get("yanked", False)
    return _Listed(
        index=index,
        name=name,
        version=str(version),
        file=str(file["filename"]),
        path=path,
        digest=f"sha256:{digest}",
        uploaded=str(uploaded) if uploaded else None,
        # PEP 592 and 691: a reason, or true without one.
        yanked=None if yanked in {False, None} else "" if yanked is True else str(yanked),
    )


def _sorted_by(listed: _Listed, order: Mapping[str, int]) -> tuple[str, Version, int, str]:
    return listed.name, Version(listed.version), order[listed.index], listed.file


def _by_name(listed: Iterable[_Listed]) -> dict[str, list[_Listed]]:
    found: dict[str, list[_Listed]] = {}
    for each in listed:
        found.setdefault(each.name, []).append(each)
    return found
