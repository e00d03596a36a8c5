"""Makes devpi's simple pages tell when a file was uploaded, how big it is, and whether it was yanked.

Read against devpi-server 6.20.3, which knows yanks (PEP 592) in mirrors only, and upload times and
sizes (PEP 700) nowhere. The class, functions and methods here take the place of devpi's while the
server starts; each names its counterpart. What they add lies in devpi's own database, beside the
links of the page (`PROJSIMPLELINKS`), so that it is committed with them, and replicas get it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from devpi_common.metadata import splitbasename
from devpi_server import mirror, model, views

from . import _devpi
from ._devpi_yanks import yank_reason

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMES = "pipl_upload_times"
_SIZES = "pipl_sizes"
"""Keys in the data of a page; each holds a list in the order of `links`."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)
"""RFC 3339, as PEP 700 wants it. An upstream's page that has another is not handed on: uv would
refuse the whole page."""

_MARK = "_pipl_pages"

Columns = tuple[str, str, str | None, Any, str | None, int | None]
"""File name, path with digest, required Python, yanked, upload time, size."""


def extend_pages() -> None:
    """Put all of this in the place of devpi's own; doing it again changes nothing."""
    if getattr(views.PyPIView, _MARK, False):
        return
    setattr(views.PyPIView, _MARK, True)
    model.SimplelinkMeta = FileLink
    private, mirrored = model.PrivateStage, mirror.MirrorStage
    private.get_simplelinks_perstage = _links_of_private_index
    private._regen_simplelinks = _write_page  # noqa: SLF001
    mirror.parse_index_v1_json = _keeping_times(mirror.parse_index_v1_json)
    mirror.NewLinks = _with_columns(mirror.NewLinks)
    mirror.join_links_data = _joined
    mirrored._load_cache_links = _reading_columns(mirrored._load_cache_links)  # noqa: SLF001
    mirrored._save_cache_links = _writing_columns(mirrored._save_cache_links)  # noqa: SLF001
    views.PyPIView._simple_list_project_json_v1 = _json_page  # noqa: SLF001


class FileLink(model.SimplelinkMeta):
    """A file on a page, in the place of `SimplelinkMeta` (model.py), which takes the first four.

    Args:
        columns: What is known of the file; without the last two in a cache that devpi wrote.
        core_metadata: Whether the metadata of wheels can be asked for by itself.
    """

    __slots__ = ("size", "upload_time")
    upload_time: str | None
    size: int | None

    def __init__(self, columns: Sequence[Any], *, core_metadata: bool = False) -> None:
        super().__init__(columns[:4], core_metadata=core_metadata)
        self.upload_time, self.size = columns[4:] or (None, None)


# -- indexes of the project ---------------------------------------------------------------------


def _links_of_private_index(self: Any, project: str) -> Any:  # noqa: ANN401 - devpi has no types
    """Return the files of a page: `PrivateStage.get_simplelinks_perstage` (model.py).

    A page that was written without this module, by an import for example, is made from the files'
    logs each time, until the next upload writes it.
    """
    data = self.key_projsimplelinks(project).get()
    if data and _TIMES not in data:
        data = _page(self, project, {}, None)
    columns = _columns(data, _TIMES, _SIZES) if data else ()
    return self.SimpleLinks(columns, core_metadata=True)


def _write_page(self: Any, project: str) -> None:  # noqa: ANN401
    """Write the data of a page: `PrivateStage._regen_simplelinks` (model.py)."""
    project = model.normalize_name(project)
    key = self.key_projsimplelinks(project)
    before = key.get()
    known = {}
    if _TIMES in before:
        known = {columns[1]: columns[4:] for columns in _columns(before, _TIMES, _SIZES)}
    key.set(_page(self, project, known, _written(datetime.now(UTC))))


def _page(
    stage: Any,  # noqa: ANN401
    project: str,
    known: Mapping[str, tuple[str | None, int | None]],
    now: str | None,
) -> dict[str, list[Any]]:
    """Return the data of a page.

    The upload time of a file is the moment when it arrived in this very index, by an upload or by
    a push, because "as of a day" asks what could be installed from the index then. What was
    uploaded to `root/submitted` on Monday and released on Thursday is, on Tuesday, no release.
    The same bytes uploaded once more to a volatile index keep their time, other bytes get another.

    Args:
        stage: The index.
        project: Normalized name of the project.
        known: Upload time and size of files by their path, from the page as it was.
        now: The time for files that are just arriving: devpi writes their logs afterwards.
    """
    data: dict[str, list[Any]] = {
        name: [] for name in ("links", "requires_python", "yanked", _TIMES, _SIZES)
    }
    for version in stage.list_versions_perstage(project):
        store = stage.get_linkstore_perstage(project, version)
        for link in store.get_links(model.Rel.ReleaseFile):
            name, href = model.make_key_and_href(link)
            time, size = known.get(href) or (_arrival(link, stage.name) or now, None)
            data["links"].append((name, href))
            data["requires_python"].append(store.verdata.get("requires_python"))
            data["yanked"].append(yank_reason(link, stage.name))
            data[_TIMES].append(time)
            data[_SIZES].append(link.entry.file_size() if size is None else size)
    return data


def _arrival(link: _devpi.Link, index: str) -> str | None:
    """Return when a file arrived in an index first, or anywhere last, or None."""
    arrivals = _devpi.arrivals(link)
    here = [log for log in arrivals if log.get("dst") == index] or arrivals[-1:]
    time = _devpi.time_of(here[0]) if here else None
    return _written(time) if time else None


def _written(time: datetime) -> str:
    """Return a time in the form of PEP 700, in whole seconds as devpi's logs have them."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


# -- mirrors ------------------------------------------------------------------------------------


def _keeping_times(original: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what an upstream's page tells beyond the links: `parse_index_v1_json` (mirror.py)."""

    def parse_index_v1_json(disturl: Any, text: str) -> Any:  # noqa: ANN401
        links = original(disturl, text)
        for link, file in zip(links, json.loads(text)["files"], strict=True):
            time, size = file.get("upload-time"), file.get("size")
            link.upload_time = time if isinstance(time, str) and _TIME.match(time) else None
            link.size = size if type(size) is int and size >= 0 else None
        return links

    return parse_index_v1_json


class _Links(list[Any]):
    """Names and paths of files, with the columns that devpi does not hand on with them."""

    upload_times: list[str | None]
    sizes: list[int | None]


def _with_columns(original: Callable[..., Any]) -> Callable[..., Any]:
    """Bring the further columns on their way: `NewLinks` (mirror.py)."""

    def new_links(*, releaselinks: Any, key_hrefs: Any, **others: Any) -> Any:  # noqa: ANN401
        links = _Links(key_hrefs)
        links.upload_times = [getattr(link, "upload_time", None) for link in releaselinks]
        links.sizes = [getattr(link, "size", None) for link in releaselinks]
        return original(releaselinks=releaselinks, key_hrefs=links, **others)

    return new_links


def _joined(links: Any, requires_python: Any, yanked: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Make rows of columns: `join_links_data` (model.py), as mirrors use it.

    devpi compares the rows of its cache with those of upstream to see whether anything changed,
    so a row of a cache without the further columns is another one, and is replaced.
    """
    rows: list[tuple[Any, ...]] = _DEVPIS_JOIN(links, requires_python, yanked)
    if isinstance(links, _Links):
        further = zip(links.upload_times, links.sizes, strict=True)
        rows = [(*row, *more) for row, more in zip(rows, further, strict=True)]
    return rows


_DEVPIS_JOIN = model.join_links_data


def _reading_columns(original: Callable[..., Any]) -> Callable[..., Any]:
    """Read the further columns from the cache: `MirrorStage._load_cache_links` (mirror.py).

    A cache without them counts as expired, once.
    """

    def _load_cache_links(self: Any, project: str) -> Any:  # noqa: ANN401
        is_expired, links, serial, etag = original(self, project)
        if links is None:
            return is_expired, links, serial, etag
        cache = self.key_projsimplelinks(project).get()
        if _TIMES in cache:
            further = zip(cache[_TIMES], cache[_SIZES], strict=True)
            if len(links) == len(cache["links"]):
                rows = [(*row, *more) for row, more in zip(links, further, strict=True)]
            else:  # offline, devpi leaves out what it has not fetched
                by_path = {row[1]: more for row, more in zip(cache["links"], further, strict=True)}
                rows = [(*row, *by_path[row[1]]) for row in links]
            return is_expired, rows, serial, etag
        if self.offline:
            return is_expired, links, serial, etag
        return True, links, serial, None

    return _load_cache_links


def _writing_columns(original: Callable[..., Any]) -> Callable[..., Any]:
    """Write the further columns into the cache: `MirrorStage._save_cache_links` (mirror.py)."""

    def _save_cache_links(self: Any, project: str, links: Any, *others: Any) -> None:  # noqa: ANN401
        # devpi's database takes a list, and none of its subclasses.
        original(self, project, list(links), *others)
        if isinstance(links, _Links):
            with self.key_projsimplelinks(project).update() as data:
                data[_TIMES] = links.upload_times
                data[_SIZES] = links.sizes

    return _save_cache_links


# -- pages --------------------------------------------------------------------------------------


def _json_page(
    self: Any,  # noqa: ANN401
    stage: Any,  # noqa: ANN401
    project: str,
    result: Iterable[FileLink],
    embed_form: object,
    blocked_index: object,
) -> Iterator[bytes]:
    """Give a page as JSON: `PyPIView._simple_list_project_json_v1` (views.py).

    It says that it is of version 1.1 of the format where it has all that this demands; a page with
    files of an upstream that tells no sizes is of version 1.0, which allows further keys.
    """
    del stage, embed_form, blocked_index
    core_metadata = self.xom.config.args.enable_core_metadata
    url_of = _urls(self._makeurl_factory())
    files: list[dict[str, object]] = []
    versions: set[str] = set()
    complete = True
    for link in result:
        path, _, digest = link.href.partition("#")
        algorithm, _, value = digest.partition("=")
        is_digest = algorithm in hashlib.algorithms_guaranteed and value
        file: dict[str, object] = {
            "filename": link.key,
            "url": url_of(path),
            "hashes": {algorithm: value} if is_digest else {},
        }
        if core_metadata and link.core_metadata:
            file["core-metadata"] = True
        if link.require_python is not None:
            file["requires-python"] = link.require_python
        if link.yanked is not None and link.yanked is not False:
            file["yanked"] = link.yanked
        if link.size is not None:
            file["size"] = link.size
        if link.upload_time is not None:
            file["upload-time"] = link.upload_time
        files.append(file)
        versions.update(_versions_in(link.key))
        complete = complete and link.size is not None
    page = {"meta": {"api-version": "1.1" if complete else "1.0"}, "name": project}
    yield json.dumps({**page, "versions": sorted(versions), "files": files}).encode()


def _urls(make_url: Callable[[str], Any]) -> Callable[[str], str]:
    """Return a function that gives a file's address, and asks devpi once for each index."""
    begins: dict[str, str] = {}

    def url_of(path: str) -> str:
        user, index, rest = path.split("/", 2)
        place = f"{user}/{index}"
        if place not in begins:
            begins[place] = make_url(f"{place}/x").url_nofrag.removesuffix("x")
        return begins[place] + rest

    return url_of


@functools.lru_cache(maxsize=100_000)
def _versions_in(file_name: str) -> tuple[str, ...]:
    """Return the version in a file's name, whose parsing takes longer than all the rest; or none."""
    try:
        return (splitbasename(file_name, checkarch=False)[1],)
    except ValueError:
        return ()


def _columns(data: Mapping[str, Any], times: str, sizes: str) -> list[Columns]:
    """Return the rows of a page that this module wrote."""
    columns = (data["links"], data["requires_python"], data["yanked"], data[times], data[sizes])
    return [(*link, *others) for link, *others in zip(*columns, strict=True)]
