"""Repairs of devpi-server 6.20.3 that many clients at once need; each names what it mends.

They replace methods of devpi's classes while the server starts, so they end with the process.
"""

from __future__ import annotations

from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any

_MARK = "_pipl_repaired"


def repair() -> None:
    """Repair devpi; doing it again changes nothing."""
    from devpi_server.filestore_fs_base import FSIOFileBase
    from devpi_server.filestore_hash_hl import DirtyFile
    from devpi_server.mirror import MirrorStage

    if not getattr(MirrorStage, _MARK, False):
        setattr(MirrorStage, _MARK, True)
        links = "get_simplelinks_perstage"
        setattr(MirrorStage, links, _seeing_new_links(getattr(MirrorStage, links)))
        setattr(DirtyFile, "commit", _keeping_equal_files(DirtyFile.commit))  # noqa: B010  mypy
        setattr(FSIOFileBase, "new_open", _new_open)  # noqa: B010  mypy


def _seeing_new_links(original: Any) -> Any:  # noqa: ANN401  methods of classes without types
    """Mend `MirrorStage.get_simplelinks_perstage` (mirror.py).

    Two requests ask for a project that the mirror has not seen: the second one waits for the
    first, finds that upstream was just asked, and no links, since its own transaction is older
    than the first one's commit; it answers 404 ("cached not found"). Here it looks again in a new
    transaction.
    """

    def get_simplelinks_perstage(self: Any, project: str) -> Any:  # noqa: ANN401
        try:
            return original(self, project)
        except self.UpstreamNotFoundError:
            tx = self.keyfs.tx
            if tx.write or tx.at_serial == tx.conn.db_read_last_changelog_serial():
                raise
            self.keyfs.restart_read_transaction()
            _, links, _, _ = self._load_cache_links(project)
            if links is None:
                raise
            return self.SimpleLinks(links, core_metadata=self.provides_core_metadata)

    return get_simplelinks_perstage


def _keeping_equal_files(original: Any) -> Any:  # noqa: ANN401
    """Mend `DirtyFile.commit` (filestore_hash_hl.py).

    It fails when its target is there, although the target's path holds the digest, so that its
    content is the same: two clients fetch one new file through the mirror, or a volatile index
    gets the bytes that it has. Here the file that is there stays.
    """

    def commit(self: Any) -> Any:  # noqa: ANN401
        if self.dst_path.exists() and self.digest_path.exists():
            same_size = self.dst_path.stat().st_size == self.digest_path.stat().st_size
            if same_size and self.path.stat().st_size == self.digest_path.stat().st_size:
                with suppress(FileNotFoundError):
                    self.drop()
                return [str(self.dst_path.relative_to(self.basedir))]
        return original(self)

    return commit


_IN_MEMORY = 1024 * 1024
"""Bytes of a file that is being fetched, before it goes to the disk; as devpi has it."""


def _new_open(self: Any, path: object) -> SpooledTemporaryFile[bytes]:  # noqa: ANN401
    """Mend `FSIOFileBase.new_open` (filestore_fs_base.py).

    It asserts that the file is not there yet; when another request has just put it there, the
    fetch fails with the status 500. The two have the same digest, so either may stay.
    """
    del path
    return SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self.basedir))
