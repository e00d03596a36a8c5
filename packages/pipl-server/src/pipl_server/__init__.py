"""A plugin for devpi-server: a durable, ordered feed of the packls that arrive in a project.

devpi loads `plugin`, which hands what arrives to `_event_log` and answers requests with `_views`.
Only `_devpi` knows devpi's internals.
"""

from __future__ import annotations

__all__: list[str] = []
