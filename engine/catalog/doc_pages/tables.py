"""A declaration's parameters as a Markdown table."""

from collections.abc import Mapping

from engine.catalog.params import FromInput, Param, Value
from engine.catalog.spec import EMPTY


def table(params: tuple[Param, ...], preset: Mapping[str, Value] = EMPTY) -> str:
    """One row for each parameter; ``preset``: the values that a newly placed node gets."""
    head = ("| parameter | type | default | range | meaning |", "|---|---|---|---|---|")
    return "\n".join((*head, *(_row(param, preset.get(param.name)) for param in params)))


def _row(param: Param, preset: Value) -> str:
    cells = (
        f"`{param.name}`",
        param.type_name,
        _default(param, preset),
        f"{param.range_text()} {f'({param.unit})' if param.unit else ''}".strip(),
        param.help,
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(param: Param, preset: Value) -> str:
    if isinstance(param, FromInput):
        return ""
    if param.required:
        return f"[{param.default!r}]" if param.default != "" else ""
    return f"{param.default!r}" if preset is None else f"{param.default!r} [{preset!r}]"
