"""Turns an error of torch, or a loss that is nan, into a problem with the node, the step and the numbers."""

import sys
from types import FrameType, TracebackType
from typing import Any

import torch
from torch import Tensor
from torch.nn.modules.module import register_module_forward_hook
from torch.overrides import TorchFunctionMode

from engine.catalog.emit import Gradient
from engine.catalog.index import layer
from engine.catalog.recommended import losses_that_take
from engine.codegen.source import Source, blame
from engine.errors import EngineError, RunProblem
from engine.runs.folder import RunFolder
from engine.runtime.checkpoints import checkpoint
from engine.runtime.data.batch_loader import BatchLoader
from engine.runtime.device import device_fault, is_device_fault, is_out_of_memory, out_of_memory
from engine.runtime.training.diagnostics import node_path
from engine.runtime.training.learner import Learner
from engine.runtime.training_setup.prepare import Prepared

MODEL_FILE, STEP_FILE = "model.py", "step.py"
LEARN = "learn_"  # the prefix of the function of a phase
LONGEST = 300  # characters of torch's own message


def explain(error: Exception, prepared: Prepared, device: torch.device) -> EngineError:
    """The error for a person; one that is a bug of ours is raised again unchanged."""
    if isinstance(error, EngineError):
        return error
    path = _model_path(error.__traceback__)
    node = blame(prepared.source, error.__traceback__, path) if path else None
    phase = _phase(error.__traceback__)
    if is_out_of_memory(error):
        return out_of_memory(device, prepared.project.training.batch_size, node, phase)
    message = " ".join(str(error).split())[:LONGEST]
    if is_device_fault(error):
        return device_fault(device, message)
    if _lacks_second_gradient(message):
        return _no_second_gradient(prepared, message)
    if path and isinstance(error, RuntimeError | ValueError | IndexError | TypeError | NotImplementedError):
        where = (f"in {node}" if node else "in the network") + (f", in the phase {phase}" if phase else "")
        hint = _hint(message)
        return RunProblem(f"The computation failed {where}: {message}", hint=hint, node=node, code="R030")
    raise error


def _lacks_second_gradient(message: str) -> bool:
    """Whether torch cannot differentiate a gradient."""
    return (
        "derivative for" in message and "backward" in message and "not implemented" in message
    ) or "double backward" in message


def _no_second_gradient(prepared: Prepared, message: str) -> RunProblem:
    """The problem of a layer without a second gradient, which a loss of a gradient needs."""
    graphs = prepared.project.graphs.values()
    kinds = {name: layer(node.kind) for graph in graphs for name, node in graph.nodes.items()}
    node = next((name for name, kind in kinds.items() if kind and isinstance(kind.emit, Gradient)), None)
    return RunProblem(
        f"{node or 'The network'} needs the gradient of a gradient, which torch does not have for a layer: {message}",
        hint="Take that layer out of what is differentiated. Attention has one with need_weights; "
        "recurrent layers have one on the processor.",
        node=node,
        code="R033",
    )


def _hint(message: str) -> str:
    if "more than 1 value per channel" in message:
        return "The last batch has a single sample: set drop_last, or another batch size."
    if "out of range in self" in message or "out of bounds" in message:
        return "A number in the data is larger than the layer or the loss has places for."
    if "should be between 0 and 1" in message:
        losses = losses_that_take("probabilities")
        return " ".join(
            f"{loss.kind} takes probabilities, as {loss.compares.usual} gives them, and answers between 0 and 1."
            for loss in losses
            if loss.compares
        )
    return ""


def _model_path(traceback: TracebackType | None) -> str:
    """The generated file that the error passed through, or nothing."""
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.endswith(MODEL_FILE) and traceback.tb_frame.f_globals.get("__name__", "").startswith("torchloom_model"):
            return name
        traceback = traceback.tb_next
    return ""


def _phase(traceback: TracebackType | None) -> str:
    """The phase of the training step that the error passed through, or nothing."""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.endswith(STEP_FILE) and code.co_name.startswith(LEARN):
            return code.co_name.removeprefix(LEARN)
        traceback = traceback.tb_next
    return ""


def diagnosis(learner: Learner, loader: BatchLoader, folder: RunFolder, prepared: Prepared, step: int) -> EngineError:
    """The problem of a loss that is not finite, with its cause: repeats the steps since the last checkpoint."""
    try:
        text, node = _first_cause(learner, loader, folder, prepared.source, step)
    except EngineError as error:
        text, node = f"The cause is not known: {error.message}", None
    return RunProblem(
        f"The loss of step {step} is not a finite number. {text}".strip(),
        hint="Try a smaller learning rate, gradient clipping, or normalized data. The last good checkpoint is kept.",
        node=node,
        code="R031",
    )


def _first_cause(
    learner: Learner, loader: BatchLoader, folder: RunFolder, source: Source, step: int
) -> tuple[str, str | None]:
    learner.restore(checkpoint.newest(folder.checkpoints))
    position = learner.position
    for batch in loader.batches(position.epoch, position.batch):
        position.step += 1
        if position.step < step:
            learner.learn(batch)
            position.batch += 1
            continue
        field = next((name for name, values in batch.items() if not _is_finite(values)), None)
        if field:
            return f"The data's field {field} holds a value that is not.", None
        return _first_in(learner, batch, source)
    return _of_weights(learner)  # the last step of an epoch, whose loss was still finite


def _first_in(learner: Learner, batch: dict[str, Tensor], source: Source) -> tuple[str, str | None]:
    text, owner = _of_weights(learner)
    watch = _Watch(str(learner.model.path))
    phase = ""
    if learner.phase_names:
        with watch:  # what one phase learns, the next one sees
            _, results = learner.learn(batch)
        phase = next((name for name, losses in results.items() if not all(map(_is_finite, losses.values()))), "")
    else:
        with torch.set_grad_enabled(learner.model.reads.all_needs.gradients), watch:
            outputs = learner.forward(batch)
            learner.model.losses(outputs, batch)
    node = blame(source, watch.lines) if watch.lines else None
    if owner:
        return text, node or owner
    when = f" in the phase {phase}" if phase else ""
    return (f"The first such value is an output of {node}{when}." if node else ""), node


def _of_weights(learner: Learner) -> tuple[str, str | None]:
    """A message for weights or running sums that are not finite, and the node of the first; nothing if all are."""
    network = learner.network
    sums = {name: value for name, value in network.named_buffers() if name not in learner.may_be_infinite}
    for what, values in (("weights", dict(network.named_parameters())), ("running sums", sums)):
        for name, value in values.items():
            if not _is_finite(value):
                owner = node_path(learner.project, name) or name
                return f"The step before made {what} of {owner} infinite or nan.", owner
    return "", None


class _Watch(TorchFunctionMode):
    """Records the lines of ``model.py`` that ran when a node's value first was not finite.

    Looks at what modules return and at what ``model.py`` itself computes, not at torch's inner steps: attention masks
    with minus infinity on purpose.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._hook = register_module_forward_hook(lambda _module, _inputs, outputs: self._check(outputs))
        self.lines: list[int] = []

    def __exit__(self, *error: object) -> None:
        self._hook.remove()
        super().__exit__(*error)  # type: ignore[no-untyped-call]

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401 (torch's)
        result = func(*args, **(kwargs or {}))
        if _caller(sys._getframe(1)) == self._path:  # noqa: SLF001 (without a whole traceback)
            self._check(result)
        return result

    def _check(self, result: object) -> None:
        values = result if isinstance(result, tuple | list) else (result,)
        if not self.lines and not all(_is_finite(value) for value in values if isinstance(value, Tensor)):
            self.lines = _lines(sys._getframe(1), self._path)  # noqa: SLF001 (as above)


def _caller(frame: FrameType) -> str:
    """The file that called a function of torch; one in Python is called through itself and torch's dispatcher."""
    if frame.f_code.co_name == "handle_torch_function" and frame.f_back and frame.f_back.f_back:
        frame = frame.f_back.f_back
    return frame.f_code.co_filename


def _lines(frame: FrameType | None, path: str) -> list[int]:
    """The lines of ``path`` on the stack, outermost first."""
    lines: list[int] = []
    while frame is not None:
        if frame.f_code.co_filename == path:
            lines.insert(0, frame.f_lineno)
        frame = frame.f_back
    return lines


def _is_finite(values: Tensor) -> bool:
    return not values.is_floating_point() or bool(torch.isfinite(values).all())
