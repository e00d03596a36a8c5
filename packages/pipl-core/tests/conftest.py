"""What the tests against a running project share."""

from __future__ import annotations

import contextlib
import itertools

import pytest

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
