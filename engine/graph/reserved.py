"""Names that nodes, graphs and fields cannot have, because they have another meaning in the generated source."""

import builtins

_OF_MODULE = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
    register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
"""
RESERVED_ATTRIBUTES = frozenset(_OF_MODULE.split())
"""Attributes of ``nn.Module``, which no layer with weights can be called."""

MODULES = frozenset({"torch", "nn", "F", "Tensor", "math"})
"""The names that the file imports."""

RESERVED_CLASSES = (
    MODULES | {"ClassVar", "Literal", "losses", "metrics", "self", "I", "O", "l", "_"} | frozenset(dir(builtins))
)
"""The names that no graph can have."""

RESERVED_FIELDS = MODULES | {"self", "range", "float", "super"}
"""The names that no field of ``forward`` can have."""

RESERVED_LOSSES = frozenset({"total"})
"""The names that no loss can have: it would hide the sum of all losses."""
