"""Call what a model makes by the prop alone: `prop_vase_usd`, not `prop_vase_model_usd`."""

from __future__ import annotations

from pipl_hooks import hookimpl


@hookimpl
def pipl_product_name(task: str, output: str) -> str | None:
    """Leave the step out of the name; what other tasks make keeps pipl's name."""
    prop = task[: -len("_model")] if task.endswith("_model") else None
    return f"{prop}_{output}" if prop else None
