"""The line of parameters that matter, as a node shows it."""

from collections.abc import Callable, Mapping

from engine.catalog.index import layer
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.spec import Layer, effective
from engine.graph.model import Node, Project

SEPARATOR = " · "
SHORT = {
    "padding": "pad",
    "num_layers": "layers",
    "label_smoothing": "smoothing",
    "num_heads": "heads",
    "nhead": "heads",
    "dim_feedforward": "feedforward",
    "ignore_index": "ignore",
    "negative_slope": "slope",
    "scale_factor": "scale",
}
"""Parameter names as people say them, where torch's would not fit on a node."""

Values = Mapping[str, Value]


def summary(project: Project, graph: str, name: str, node: Node) -> str:
    """What is special about a node, in a few words."""
    declared = layer(node.kind)
    if declared is None:
        return "unknown kind"
    match declared.role:
        case "input":
            if graph != project.main:
                return f"into {graph}"
            return f"{node.params.get('field') or name}{SEPARATOR}{project.data.kind}"
        case "output":
            return "result" if graph == project.main else f"out of {graph}"
        case "block":
            return f"repeat ×{node.repeat}" if node.repeat > 1 else "block"
    return SEPARATOR.join(_parts(declared, node.params)) or declared.family


def _parts(declared: Layer, given: Values) -> list[str]:
    values = effective(declared.params, given)
    head, told = _headline(declared, values)
    rest = [
        _told(param, values[param.name])
        for param in declared.params
        if param.name not in told and _is_special(declared, param, values)
    ]
    return [part for part in (head, *rest) if part]


def _headline(declared: Layer, values: Values) -> tuple[str, tuple[str, ...]]:
    """The part that every reader of networks looks for first, and the parameters that it tells."""
    for names, tell in _HEADLINES:
        if all(name in values for name in names):
            return tell(values), names
    return "", ()


_HEADLINES: tuple[tuple[tuple[str, ...], Callable[[Values], str]], ...] = (
    (("out_channels", "kernel_size"), lambda v: f"{v['out_channels']} @ {_size(v['kernel_size'])}"),
    (("out_features",), lambda v: f"→ {v['out_features']}"),
    (("hidden_size",), lambda v: f"→ {v['hidden_size']}"),
    (("num_embeddings", "embedding_dim"), lambda v: f"{v['num_embeddings']} → {v['embedding_dim']}"),
    (("kernel_size",), lambda v: _size(v["kernel_size"])),
    (("output_size",), lambda v: f"→ {_size(v['output_size'])}"),
    (("p",), lambda v: f"p = {_number(v['p'])}"),
    (("start_dim", "end_dim"), lambda v: f"from dim {v['start_dim']}" + _until(v["end_dim"])),
    (("dim0", "dim1"), lambda v: f"dim {v['dim0']} ↔ {v['dim1']}"),
    (("dims",), lambda v: f"to {_size(v['dims'], ', ')}"),
    (("unflattened_size", "dim"), lambda v: f"dim {v['dim']} → {_size(v['unflattened_size'])}"),
    (("shape",), lambda v: f"→ {_size(v['shape'])}"),
)


def _until(end: Value) -> str:
    return "" if end == -1 else f" to {end}"


def _is_special(declared: Layer, param: Param, values: Values) -> bool:
    if isinstance(param, FromInput) or param.name not in values:
        return False
    if param.name == "batch_first":  # how batches are laid out is the same for all layers here
        return False
    preset = declared.preset.get(param.name, param.default)
    return param.required or param.name == "dim" or values[param.name] != preset


def _told(param: Param, value: Value) -> str:
    name = SHORT.get(param.name, param.name).replace("_", " ")
    if value is True:
        return name
    if value is False:
        return f"no {name}"
    if value is None:
        return f"no {name}" if param.none else ""
    return f"{name} {_size(value)}" if isinstance(value, tuple) else f"{name} {_number(value)}"


def _size(value: Value, joint: str = "×") -> str:
    if isinstance(value, tuple):
        return joint.join("?" if each is None else str(each) for each in value)
    return f"{value}{joint}{value}" if joint == "×" and isinstance(value, int) else str(value)


def _number(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
