"""The markers that tie hook specifications and implementations to pipl."""

from __future__ import annotations

import pluggy

NAMESPACE = "pipl"
"""Name of the pluggy project and of the entry-point group of plugins."""

hookspec = pluggy.HookspecMarker(NAMESPACE)
hookimpl = pluggy.HookimplMarker(NAMESPACE)
