"""The ``step.py`` of a project: its optimizer, its LR schedule and its training step, as the trainer runs them."""

from collections.abc import Iterator

from engine.codegen.field_usage import Reads
from engine.codegen.literals import quote
from engine.codegen.plan import plan_main
from engine.codegen.scripts.average import AverageCode
from engine.codegen.scripts.data_description import SnippetName
from engine.codegen.scripts.learning import LearningCode
from engine.codegen.scripts.modules import Modules
from engine.codegen.scripts.optimizers import OptimizerCode
from engine.codegen.scripts.schedules import ScheduleCode
from engine.codegen.snippets import SnippetCopy, copy_snippets, import_lines, names_read, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project
from engine.graph.phases import effective_phases
from engine.graph.watched_metrics import schedule_metric, stop_metric

ITERABLE = (("collections.abc", "Iterable", "Iterable"),)
OWN_NAMES = ("AveragedModel", "Iterable", "Tensor", "Training", "get_ema_multi_avg_fn")
"""The names that the file itself or its imports define, beside those of snippets."""


class StepCode:
    """Writes the file. ``reads``: what the main graph of the project reads.

    ``copy``: its definitions from snippets. ``modules``: those that it imports from. ``every_step``: whether the LR
    schedule moves with each step rather than each epoch. ``covers_run``: whether its length is that of the run.
    """

    def __init__(self, project: Project, reads: Reads) -> None:
        self.project, self.training, self.reads = project, project.training, reads
        (self.phase,) = effective_phases(project)
        self.part = self.phase.schedule
        self.is_penalized = bool(self.training.l1 or self.training.l2)
        self.learning = LearningCode(project)
        attributes = {step.name for step in plan_main(project).module_steps()}
        self.optimizers = OptimizerCode(project, self.phase, self.learning, attributes)
        self.schedule = ScheduleCode(
            self.part, "self.optimizer", "{} * steps_per_epoch", is_several=self.optimizers.is_several
        )
        self.every_step, self.covers_run = self.schedule.every_step, self.schedule.covers_run
        self.average = AverageCode(project, (self.forward(),), differentiates=reads.all_needs.gradients)
        self.modules = Modules().with_module("weights", self.learning.snippet_names())
        self.modules = self.modules.with_module("optimization", self._optimization_names())
        self.copy: SnippetCopy = copy_snippets(self._snippet_names(), after=self.modules.last)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments of ``Training`` beside the network."""
        counts_steps = self.learning.follows or (self.covers_run and self.every_step) or self.schedule.counts_epochs
        return (*(("legs",) if self.covers_run else ()), *(("steps_per_epoch",) if counts_steps else ()))

    @property
    def moves_each_epoch(self) -> bool:
        """Whether ``Training`` has ``end_epoch``."""
        return self.schedule.every_epoch

    @property
    def files(self) -> dict[str, str]:
        """The file, and before it that of weights, where nodes have settings of them."""
        return {**self.modules.files, "step.py": self.text()}

    def forward(self) -> str:
        """The call of the network for a batch."""
        return f"model({self.reads.arguments()})"

    def text(self) -> str:
        """The file; the same project always gives the same bytes."""
        network = network_name(self.project.main, {*self.copy.names, *OWN_NAMES})
        body = Writer()
        self._write_class(body, network)
        parts = {("model", self.project.main, network), ("model", "losses", "losses")}
        parts |= self.modules.imports(names_read(body.source().text) | names_read(self.copy.text))
        own = {("torch", "Tensor", "Tensor"), ("torch", "optim", "optim"), *self.copy.imports}
        own |= {("torch", "nn", "nn")} if self.training.clip else set()
        own |= {*self.average.imports(), *ITERABLE} if self.average.each_epoch else {*self.average.imports()}
        out = Writer()
        contents = [
            "its optimizers" if self.optimizers.is_several else "its optimizer",
            *(["LR schedule"] if self.part else []),
            "metrics",
        ]
        contents += ["early stop"] if stop_metric(self.project) else []
        what = f"{', '.join(contents[:-1])} and {contents[-1]}"
        out.write(f'"""One training step of {self.project.main}, the network of model.py, with {what}."""')
        out.blank()
        out.paste("\n".join(import_lines(own)))
        out.blank()
        out.paste("\n".join(import_lines(parts)))
        out.heading("Definitions for the step and the training loop")
        out.blank(2)
        out.paste(self.copy.text)
        out.heading("The optimizer and the step")
        out.blank(2)
        out.append(body)
        return out.source().text

    def _optimization_names(self) -> Iterator[SnippetName]:
        yield from self.optimizers.snippet_names()
        yield from self.schedule.snippet_names()
        yield from self.average.snippet_names()

    def _snippet_names(self) -> Iterator[SnippetName]:
        if self.covers_run:
            yield "training.run_schedule", "RunSchedule"
        if self.is_penalized:
            yield "training.penalties", "penalized"
            yield "training.penalties", "penalty"
        yield "training.metrics", "Metrics"
        yield "training.early_stop", "is_best"
        if self.reads.all_needs.draws or self.average.each_epoch:
            yield "training.draws", "evaluation_draws"
        if stop_metric(self.project):
            yield "training.early_stop", "EarlyStop"

    def _write_class(self, out: Writer, network: str) -> None:
        types = {"legs": "Legs", "steps_per_epoch": "int"}
        takes = "".join(f", {name}: {types[name]}" for name in self.arguments)
        what = "its optimizers" if self.optimizers.is_several else "its optimizer"
        what += " and its LR schedule" if self.part else ""
        weights = self.learning.decaying_weights("model", "penalized(model)")
        out.code(f'''
            class Training:
                """A network with {what}."""

                def __init__(self, model: {network}{takes}) -> None:
                    self.model = model
            ''')
        out.code("\n".join(self.optimizers.statements("self.optimizer", "model", "model.parameters()")), 8)
        out.code(
            f"""
            {when(self.part, f"self.schedule = {self._schedule()}")}
            {when(self.is_penalized, f"self.weights = {weights}")}
            {when(self.learning.follows, "self.steps_per_epoch = steps_per_epoch")}
            {when(self.learning.follows, "follow(model, 0)")}
            {when(self.average.part, f"self.average = {self.average.creation()}")}
            """,
            8,
        )
        out.blank()
        self._write_step(out)
        self.average.write_epoch(out)
        metric = schedule_metric(self.project, self.part)
        if self.moves_each_epoch:
            out.blank()
            out.code(
                f'''
                def end_epoch(self, report: dict[str, float]) -> None:
                    """Move the LR schedule; ``report``: the losses and metrics of the epoch."""
                    self.schedule.step({f"report[{quote(metric)}]" if metric else ""})
                ''',
                4,
            )

    def _write_step(self, out: Writer) -> None:
        out.code(
            f'''
            def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, Outputs]:
                """Learn from a batch. Returns its loss and the outputs of the network, both from before the step.

                ``number``: of the batch in its epoch. Both count from 0.
                """
                {when(self.covers_run, "self.schedule.begin(epoch, number)")}
            ''',
            4,
        )
        device, result = "next(self.model.parameters()).device", "total.detach(), outputs"
        lines = self.optimizers.update("self.optimizer", device, self._computation(), "total", f"({result})")
        out.code("\n".join(lines), 8)
        clip, evaluates = self.training.clip, self.optimizers.evaluates
        out.code(
            f"""
            {when(clip, f"nn.utils.clip_grad_{clip.by}_(self.model.parameters(), {clip.at!r})" if clip else "")}
            {when(not evaluates, self.learning.update("self.optimizer"))}
            {when(self.every_step, "self.schedule.step()")}
            {when(self.learning.follows, "follow(self.model, epoch * self.steps_per_epoch + number + 1)")}
            {when(self.average.each_step, "self.average.update_parameters(self.model)")}
            return {"evaluations[0]" if evaluates else result}
            """,
            8,
        )

    def _computation(self) -> list[str]:
        """The statements that compute the loss and the gradients."""
        penalties = [f"total = total + penalty(self.weights, {self._penalties()})"] if self.is_penalized else []
        return [
            "self.optimizer.zero_grad(set_to_none=True)",
            f"outputs = self.{self.forward()}",
            'total = losses(outputs, batch)["total"]',
            *penalties,
            "total.backward()",
        ]

    def _penalties(self) -> str:
        factors = {"l1": self.training.l1, "l2": self.training.l2}
        return ", ".join(f"{name}={factor!r}" for name, factor in factors.items() if factor)

    def _schedule(self) -> str:
        """The call that makes the LR schedule."""
        call = self.schedule.call()
        arguments = ", ".join(["legs", *(["steps_per_epoch"] if self.every_step else [])])
        return f"RunSchedule(lambda moves: {call}, self.optimizer, {arguments})" if self.covers_run else call
