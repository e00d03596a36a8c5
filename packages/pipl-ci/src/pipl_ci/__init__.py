"""The handlers of pipl: publications are tested, promoted and processed."""

from ._conductor import conduct, handlers_run
from ._follow import follow
from ._ledger import Ledger, Run
from .errors import CiError

__all__ = ["CiError", "Ledger", "Run", "conduct", "follow", "handlers_run"]
