"""The `pipl` command.

Plugins that bring commands may use two modules: `pipl_cli.options`, the options that all commands
share, and `pipl_cli.console`, which prints data, messages and progress. This module imports
neither, so that `pipl --help` stays fast.
"""

__all__: list[str] = []
