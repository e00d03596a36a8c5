"""What the tests against a running project share."""

from __future__ import annotations

import contextlib
import itertools
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from packaging.version import Version

from pipl_hooks import ReleaseRecord, normalized_name

_numbers = itertools.count(1)


@pytest.fixture
def unique():
    """A function that gives a name which no other test of this process has."""
    return lambda stem="packl": f"{stem}_{next(_numbers)}"


@pytest.fixture
def ci(running_project):
    """A client that acts as the user `ci`."""
    with contextlib.closing(running_project.client("ci")) as client:
        yield client


@pytest.fixture
def artist(running_project):
    """A client that acts as the artist, who is logged in."""
    with contextlib.closing(running_project.client()) as client:
        yield client


@pytest.fixture
def moment_after(running_project):
    """A function that waits until the second of a packl's release is over, and tells when that was."""

    def moment_after(name):
        with contextlib.closing(running_project.client()) as client:
            (file,) = client.simple("root/PROJ", name)["files"]
        moment = datetime.fromisoformat(file["upload-time"]) + timedelta(seconds=1)
        while datetime.now(UTC) < moment:
            time.sleep(0.1)
        return moment.isoformat().replace("+00:00", "Z")

    return moment_after


class _Records:
    """A catalogue of given records."""

    def __init__(self, records):
        self._records = records

    def indexes(self):
        return list(dict.fromkeys(record.index for record in self._records))

    def names(self):
        return sorted({record.name for record in self._records})

    def releases(self, name=None):
        found = [record for record in self._records if name in {None, record.name}]
        return sorted(found, key=lambda record: (record.name, Version(record.version)))

    def close(self):
        pass


@pytest.fixture
def catalogue():
    """A function that gives a catalogue of some records."""
    return lambda *records: _Records(records)


@pytest.fixture
def record():
    """A function that gives the record of a release: its name, version and requirements."""

    def make(name, version="1.0", *requires, index="root/PROJ", kind="code", **more):
        return ReleaseRecord(
            index=index,
            name=normalized_name(name),
            version=version,
            file=f"{name}-{version}-py3-none-any.whl",
            path=f"{index}/+f/{name}-{version}-py3-none-any.whl",
            digest=f"sha256:{'0' * 64}",
            size=1,
            requires=requires,
            kind=kind,
            **more,
        )

    return make


@pytest.fixture
def bench(tmp_path):
    """What questions read of a workspace: requests, packls in edition, a site-packages folder."""
    site = tmp_path / ".venv" / "lib" / "python3" / "site-packages"
    site.mkdir(parents=True)
    environment = SimpleNamespace(folder=tmp_path / ".venv", check=lambda: None)
    return SimpleNamespace(
        name="bench",
        folder=tmp_path / "edition",
        environment=environment,
        site=site,
        requirements=[],
        constraints=(),
        packls=[],
    )
