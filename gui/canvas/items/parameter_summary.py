"""The line of important parameters on a node."""

from collections.abc import Mapping
from functools import lru_cache

from engine.catalog.expressions import Expression
from engine.catalog.index import layer, layers
from engine.catalog.params import FromInput, Param, Sizes, Value
from engine.catalog.spec import Layer, effective
from engine.graph.block_params import block_params
from engine.graph.loops import LoopSettings
from engine.graph.model import Node, Project
from engine.graph.weights import NO_SETTINGS, WeightSettings, owner_of
from gui.formatting.formats import plural

SEPARATOR = " · "
SHORT = {
    "padding": "pad",
    "label_smoothing": "smoothing",
    "dim_feedforward": "ff",
    "ignore_index": "ignore",
    "negative_slope": "slope",
    "scale_factor": "scale",
}
"""Shorter names for parameters whose torch names do not fit on a node."""
UNITS = {"num_layers": "layers", "num_heads": "heads", "nhead": "heads", "num_groups": "groups", "groups": "groups"}
"""Parameters that are counts, with the word that follows the number."""

Values = Mapping[str, Value]


def summary(project: Project, graph: str, name: str, node: Node) -> str:
    """The important parameters of a node, as a short text."""
    declared = layer(node.kind)
    if declared is None:
        return "unknown kind"
    match declared.role:
        case "input":
            if graph != project.main:
                return f"into {graph}"
            field = str(node.params.get("field") or name)
            return f"{field}{SEPARATOR}{project.data.kind}" if project.data.kind else field
        case "output":
            return "result" if graph == project.main else f"out of {graph}"
        case "block":
            return _with_weights(_block_text(project, node), node.settings)
    values = _values(declared.kind, tuple((key, value, type(value)) for key, value in node.params.items()))
    return _with_weights(values, node.settings)


def _block_text(project: Project, node: Node) -> str:
    """The rounds of a loop, how often a block is repeated, and its own values, or else how much it holds."""
    block = project.graphs.get(node.graph or "")
    if block is None:
        return "missing"
    own = [_param_text(param, node.params[param.name]) for param in block_params(block) if param.name in node.params]
    parts = [f"×{node.repeat}"] * (node.repeat > 1) + ([_rounds(node.loop)] if node.loop else []) + own
    return SEPARATOR.join(parts) or plural(len(block.nodes), "node")


def _rounds(loop: LoopSettings) -> str:
    over = ", ".join(port for port, _ in loop.over)
    count = loop.count.text if isinstance(loop.count, Expression) else loop.count
    return f"for each {over}" if over else f"{count} rounds"


def _with_weights(values: str, settings: WeightSettings) -> str:
    """The text, with the weight settings that differ from the default."""
    if settings is NO_SETTINGS:
        return values
    learning = [
        "frozen" if settings.frozen else "",
        "follower" if settings.follows else "",
        *(f"{key} of {owner_of(weight)}" for key, weight in settings.shares.items()),
        f"lr ×{settings.lr_scale:g}" if settings.lr_scale not in (None, 1.0) else "",
    ]
    return SEPARATOR.join([values, *filter(None, learning)])


@lru_cache(maxsize=4096)
def _values(kind: str, params: tuple[tuple[str, Value, type], ...]) -> str:
    """The text for these values, cached. Each value comes with its type, since 1 equals True."""
    declared = layers()[kind]
    return SEPARATOR.join(_parts(declared, {key: value for key, value, _ in params})) or declared.family


def _parts(declared: Layer, params: Values) -> list[str]:
    values = effective(declared.params, params)
    head, names = _headline(declared, values)
    rest = [
        _param_text(param, values[param.name])
        for param in declared.params
        if param.name not in names and _is_special(declared, param, values)
    ]
    return [part for part in (head, *rest) if part]


def _headline(declared: Layer, values: Values) -> tuple[str, tuple[str, ...]]:
    """The most important part, such as ``32 @ 3×3``, and the names of its parameters."""
    for names, pattern in _HEADLINES:
        if all(name in values for name in names):
            texts = {name: _value_text(declared.param(name), values[name]) for name in names}
            return pattern.format_map(texts).removesuffix(" to -1"), names
    return "", ()


_HEADLINES = (
    (("out_channels", "kernel_size"), "{out_channels} @ {kernel_size}"),
    (("out_features",), "→ {out_features}"),
    (("hidden_size",), "→ {hidden_size}"),
    (("num_embeddings", "embedding_dim"), "{num_embeddings} → {embedding_dim}"),
    (("kernel_size",), "{kernel_size}"),
    (("output_size",), "→ {output_size}"),
    (("p",), "p = {p}"),
    (("start_dim", "end_dim"), "from dim {start_dim} to {end_dim}"),
    (("dim0", "dim1"), "dim {dim0} ↔ {dim1}"),
    (("dims",), "to {dims}"),
    (("dim", "unflattened_size"), "dim {dim} → {unflattened_size}"),
    (("shape",), "→ {shape}"),
    (("dim", "index"), "dim {dim} at {index}"),
)


def _is_special(declared: Layer, param: Param, values: Values) -> bool:
    if isinstance(param, FromInput) or param.name not in values:
        return False
    if param.name == "batch_first":  # how batches are laid out is the same for all layers here
        return False
    preset = declared.preset.get(param.name, param.default)
    return param.required or param.name == "dim" or values[param.name] != preset


def _param_text(param: Param, value: Value) -> str:
    name = UNITS.get(param.name) or SHORT.get(param.name, param.name).replace("_", " ")
    if isinstance(value, Expression) and value.text in (param.name, name):
        return name  # a parameter of the block around it, passed on under its own name
    if param.name in UNITS and not isinstance(value, Expression):
        return f"{value} {name}"
    if isinstance(value, bool):
        return name if value else f"no {name}"
    if value is None:
        return f"no {name}" if param.none else ""
    return f"{name} {_value_text(None, value)}"


def _value_text(param: Param | None, value: Value) -> str:
    """A value as text; a size for all axes is repeated for each. An expression is written without its spaces."""
    if isinstance(value, Expression):
        return value.text.replace(" * ", "*").replace(" // ", "//")
    if isinstance(value, int) and isinstance(param, Sizes) and param.n > 1:
        value = (value,) * param.n
    if isinstance(value, tuple):
        separator = ", " if param and param.name == "dims" else "×"
        return separator.join("?" if each is None else str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
