"""The ``step.py`` of a project: its optimizer, its LR schedule and its training step, as the trainer runs them."""

from collections.abc import Iterator

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES, covers_run
from engine.catalog.spec import effective
from engine.codegen.literals import literal, quoted
from engine.codegen.scripts.data_description import Wanted, keywords
from engine.codegen.snippets import Copied, copied, import_lines, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project
from engine.graph.watched import watched_for_schedule, watched_for_stop

OWN_NAMES = ("Tensor", "Training")
"""What the file itself or its imports define, beside what is copied from snippets."""


class StepCode:
    """Writes the file. ``inputs``: the fields that the network takes.

    ``copy``: what the file has from snippets. ``every_step``: whether the LR schedule moves with each step, rather than
    with each epoch. ``covers_run``: whether its length is the run's.
    """

    def __init__(self, project: Project, inputs: tuple[str, ...]) -> None:
        self.project, self.training, self.inputs = project, project.training, inputs
        self.part = part = project.training.schedule
        declared = SCHEDULES[part.kind] if part else None
        self.every_step = bool(part and declared and (part.every or declared.every) == "step")
        self.covers_run = part is not None and covers_run(part.kind, part.params)
        self.is_penalized = bool(self.training.l1 or self.training.l2)
        self.copy: Copied = copied(self._wanted())

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what ``Training`` takes beside the network."""
        return ("legs", *(("steps_per_epoch",) if self.every_step else ())) if self.covers_run else ()

    @property
    def moves_each_epoch(self) -> bool:
        """Whether ``Training`` has ``end_epoch``."""
        return self.part is not None and not self.every_step

    def text(self) -> str:
        """The file; the same project always gives the same bytes."""
        network = network_name(self.project.main, {*self.copy.names, *OWN_NAMES})
        own = {("torch", "Tensor", "Tensor"), ("torch", "optim", "optim"), *self.copy.imports}
        own |= {("torch", "nn", "nn")} if self.training.clip else set()
        out = Writer()
        out.write(f'"""One training step of {self.project.main}, the network of model.py, and how far it has got."""')
        out.blank()
        out.paste("\n".join(import_lines(own)))
        out.blank()
        out.paste("\n".join(import_lines({("model", self.project.main, network), ("model", "losses", "losses")})))
        out.heading("What the step and the loop are made of")
        out.blank(2)
        out.paste(self.copy.text)
        out.heading("The optimizer and the step")
        out.blank(2)
        self._write_class(out, network)
        return out.source().text

    def _wanted(self) -> Iterator[Wanted]:
        if self.covers_run:
            yield "run_schedule", "RunSchedule"
        if self.is_penalized:
            yield "penalties", "penalized"
            yield "penalties", "penalty"
        yield "metrics", "Metrics"
        yield "early_stop", "is_best"
        if watched_for_stop(self.project):
            yield "early_stop", "EarlyStop"

    def _write_class(self, out: Writer, network: str) -> None:
        types = {"legs": "Legs", "steps_per_epoch": "int"}
        takes = "".join(f", {name}: {types[name]}" for name in self.arguments)
        what = "its optimizer and its LR schedule" if self.part else "its optimizer"
        passed = ", ".join(f"{name}=batch[{quoted(name)}]" for name in self.inputs)
        clip = self.training.clip
        watched = watched_for_schedule(self.project)
        out.code(f'''
            class Training:
                """A network with {what}."""

                def __init__(self, model: {network}{takes}) -> None:
                    self.model = model
                    self.optimizer = {self._optimizer()}
                    {when(self.part, f"self.schedule = {self._schedule()}")}
                    {when(self.is_penalized, "self.weights = penalized(model)")}

                def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, Outputs]:
                    """Learn from a batch; its loss and the outputs of the network, both from before the step.

                    ``number``: of the batch in its epoch. Both count from 0.
                    """
                    {when(self.covers_run, "self.schedule.begin(epoch, number)")}
                    self.optimizer.zero_grad(set_to_none=True)
                    outputs = self.model({passed})
                    total = losses(outputs, batch)["total"]
                    {when(self.is_penalized, f"total = total + penalty(self.weights, {self._penalties()})")}
                    total.backward()
                    {when(clip, f"nn.utils.clip_grad_{clip.by}_(self.model.parameters(), {clip.at!r})" if clip else "")}
                    self.optimizer.step()
                    {when(self.every_step, "self.schedule.step()")}
                    return total.detach(), outputs
            ''')
        if self.moves_each_epoch:
            out.blank()
            out.code(
                f'''
                def end_epoch(self, report: dict[str, float]) -> None:
                    """Move the LR schedule; ``report``: the losses and metrics of the epoch."""
                    self.schedule.step({f"report[{quoted(watched)}]" if watched else ""})
                ''',
                4,
            )

    def _penalties(self) -> str:
        factors = {"l1": self.training.l1, "l2": self.training.l2}
        return ", ".join(f"{name}={factor!r}" for name, factor in factors.items() if factor)

    def _optimizer(self) -> str:
        part = self.training.optimizer
        declared = OPTIMIZERS[part.kind]
        lr = effective(declared.params, part.params)["lr"]
        rest = keywords(declared.params, part.params, skip=("lr",))
        parts = ["model.parameters()", f"lr={literal(lr)}", *([rest] if rest else [])]
        if declared.fused == ("cpu",):
            parts.append('fused=next(model.parameters()).device.type == "cpu"')
        elif declared.fused:
            parts.append("fused=True")
        return f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"

    def _schedule(self) -> str:
        """The call that makes the LR schedule."""
        if self.part is None:
            return ""
        declared = SCHEDULES[self.part.kind]
        length = declared.run_length
        given = keywords(declared.params, self.part.params, skip=(length,) if self.covers_run else ())
        own = [f"{length}=moves"] if self.covers_run else []
        parts = ["self.optimizer", *([given] if given else []), *own]
        made = f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"
        return f"RunSchedule(lambda moves: {made}, self.optimizer, {', '.join(self.arguments)})" if own else made
