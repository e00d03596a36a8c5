"""pipl's own commands, one small module for each command or few; named by `pipl_cli.plugin`."""
