"""Names that a node or graph cannot bear, because the generated source uses them for something else."""

from collections.abc import Collection, Iterator

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Edit, RenameGraph, RenameNode
from engine.graph.model import is_name

_OF_MODULE = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
    extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule
    share_memory state_dict to to_empty train training type xpu zero_grad
"""
MODULE_ATTRIBUTES = frozenset(_OF_MODULE.split())
"""What ``nn.Module`` already calls something, so that a layer of that name would break the class."""

_OF_SOURCE = """
    F Tensor batch dict dim float hidden int len list losses math metrics nn outputs range self sum super torch tuple
    zip
"""
SOURCE_NAMES = frozenset(_OF_SOURCE.split())
"""Names that generated functions read: a value of that name would hide them."""


def problems(view: View) -> Iterator[Diagnostic]:
    """Names that are no identifiers, or that mean something else in the source."""
    if not is_name(view.name):
        yield view.problem(
            "G015",
            f"{view.name!r} cannot name a graph.",
            "Use letters, digits and underscores, not first a digit, and no Python keyword.",
        )
    elif view.name in SOURCE_NAMES:
        free = _free(view.name, view.project.graphs)
        edit = RenameGraph(view.name, free)
        yield view.problem(
            "G016", f"A graph cannot be named {view.name}: the generated source uses that name.",
            f"Rename it, say to {free}.", fix=(f"Rename to {free}", edit),
        )  # fmt: skip
    for name in view.graph.nodes:
        if not is_name(name):
            yield view.problem(
                "G015",
                f"{name!r} cannot name a node.",
                "Use letters, digits and underscores, not first a digit, and no Python keyword.",
                node=name,
            )
        elif (clash := clash_of(view, name)) is not None:
            free = _free(name, view.graph.nodes)
            rename: Edit = RenameNode(view.name, name, free)
            yield view.problem(
                "G016", f"A node cannot be named {name}: {clash}.", f"Rename it, say to {free}.",
                node=name, fix=(f"Rename to {free}", rename),
            )  # fmt: skip


def clash_of(view: View, name: str) -> str | None:
    """What a node's name would hide, in words, or ``None``."""
    declared = view.layers[name]
    is_attribute = declared is not None and (declared.stateful or declared.role == "block")
    if is_attribute and (name in MODULE_ATTRIBUTES or name.startswith("_")):
        return "torch.nn.Module uses that name" if name in MODULE_ATTRIBUTES else "a leading underscore is torch's own"
    return "the generated source uses that name" if name in SOURCE_NAMES and view.role(name) != "output" else None


def _free(name: str, taken: Collection[str]) -> str:
    stem = name.strip("_") or "node"
    return next(free for count in range(1, len(taken) + 2) if (free := f"{stem}{count}") not in taken)
