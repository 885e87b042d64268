"""Names that nodes, graphs and fields cannot have, because the generated source means something else by them."""

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
"""What ``nn.Module`` calls something else: no layer with weights can bear these names."""

MODULES = frozenset({"torch", "nn", "F", "Tensor", "math"})
"""What the file imports."""

RESERVED_CLASSES = MODULES | {"losses", "metrics", "self", "I", "O", "l", "_"} | frozenset(dir(builtins))
"""What no graph can be called, because the file means something else by it."""

RESERVED_FIELDS = MODULES | {"self", "range", "float", "super"}
"""What no field that enters ``forward`` can be called."""

RESERVED_LOSSES = frozenset({"total"})
"""What no loss can be called: its value would hide the sum of all."""
