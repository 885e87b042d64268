"""Whether this machine has the memory to train a network: checked before the system has to kill a process."""

from math import prod

import torch

from engine.errors import MachineProblem
from engine.graph.repetitions import dotted_names
from engine.runtime.analysis.memory import FLOAT_BYTES, largest_layer, weights_bytes
from engine.runtime.training_setup.prepare import Prepared
from resources.snippets.memory import memory_left, size_text


def refuse_too_large(prepared: Prepared, device: torch.device) -> None:
    """Raises: ``MachineProblem`` when the weights, or what one layer gives for a batch, cannot fit into memory.

    Only for the processor, whose system promises memory that it does not have; a GPU reports it itself.
    """
    if device.type != "cpu":
        return
    project, analysis = prepared.project, prepared.analysis
    training, of_weights = project.training, weights_bytes(project, analysis.nodes, analysis.parameters)
    size = min(training.batch_size, max(1, len(prepared.data.training)))
    needs = [
        (of_weights, largest_layer(analysis.nodes), f"{analysis.parameters:,} parameters"),
        *(
            (_numbers(shape) * size * FLOAT_BYTES, name, f"what {name} gives for a batch of {size}")
            for name, node in analysis.nodes.items()
            for shape in node.outputs.values()
        ),
    ]
    need, node, what = max(needs, key=lambda each: each[0])
    left = memory_left()
    if need > left:
        raise MachineProblem(
            f"Training needs at least {size_text(need)} of memory for {what}, and {size_text(left)} are left.",
            hint=f"Make {node} smaller." if node else "",
            node=dotted_names(node) if node else None,
            code="M011",
        )


def _numbers(shape: tuple[int | str, ...]) -> int:
    """Values for one sample: ``N`` counts once, ``N*8`` eight times."""
    return prod(size if isinstance(size, int) else int(size.partition("*")[2] or 1) for size in shape)
