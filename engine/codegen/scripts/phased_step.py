"""The ``step.py`` of a project that lists phases: an optimizer, an LR schedule and a function for each of them."""

from collections.abc import Iterator

from engine.codegen.field_usage import PhaseReads, Reads
from engine.codegen.literals import quote
from engine.codegen.plan import plan_main
from engine.codegen.scripts.average import AverageCode
from engine.codegen.scripts.data_description import SnippetName
from engine.codegen.scripts.learning import LearningCode
from engine.codegen.scripts.modules import Modules, import_text
from engine.codegen.scripts.optimizers import OptimizerCode
from engine.codegen.scripts.phase_arguments import declared_arguments, timing_arguments
from engine.codegen.scripts.schedules import ScheduleCode
from engine.codegen.snippets import names_read, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project
from engine.graph.phases import EffectivePhase, effective_phases
from engine.graph.watched_metrics import best_metric, schedule_metric, stop_metric

OWN_NAMES = ("AveragedModel", "Iterable", "Tensor", "Training", "get_ema_multi_avg_fn")
"""The names that the file itself or its imports define, beside those of snippets."""


class PhasedStepCode:
    """Writes the file. ``reads``: what the main graph of the project reads.

    ``modules``: those that the file imports from, which consist of snippets alone. ``moves_each_epoch``: whether
    ``Training`` has ``end_epoch``.
    """

    def __init__(self, project: Project, reads: Reads) -> None:
        self.project, self.reads = project, reads
        self.phases = effective_phases(project)
        self.module_names = {step.name for step in plan_main(project).module_steps()}
        self.learning = LearningCode(project)
        self.optimizers = {
            phase.name: OptimizerCode(project, phase, self.learning, self.module_names) for phase in self.phases
        }
        self.schedules = {
            phase.name: ScheduleCode(
                phase.schedule,
                "optimizer",
                "updates_of_epochs(timing, {})",
                is_several=self.optimizers[phase.name].is_several,
            )
            for phase in self.phases
        }
        self.has_unpenalized_weights = self.learning.decays and any(each.l1 or each.l2 for each in self.phases)
        self.covering = [phase for phase in self.phases if self.schedules[phase.name].covers_run]
        self.moving_each_epoch = [phase for phase in self.phases if self.schedules[phase.name].every_epoch]
        self.moves_each_epoch = bool(self.moving_each_epoch)
        forwards = tuple(self.forward(phase.name) for phase in self.phases)
        self.average = AverageCode(project, forwards, differentiates=reads.all_needs.gradients)
        modules = Modules().with_module("weights", self.learning.snippet_names())
        modules = modules.with_module("optimization", self._optimization())
        self.modules = modules.with_module("phases", self._parts()).with_module("metrics", self._measures())

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments of ``Training`` beside the network."""
        return (*(("legs",) if self.covering else ()), "steps_per_epoch")

    @property
    def files(self) -> dict[str, str]:
        """The file and its modules, each after those it imports from."""
        return {**self.modules.files, "step.py": self.text()}

    def forward(self, phase: str = "") -> str:
        """The call of the network for a batch in a phase; without one where ``phase`` is empty."""
        if not phase:
            return f"model({self.reads.arguments()})"
        arguments = self._reads(phase).arguments()
        return f"model({arguments}{', ' if arguments else ''}phase={quote(phase)})"

    def text(self) -> str:
        """The file; the same project always gives the same bytes."""
        network = network_name(self.project.main, {*self.modules.last.names, *OWN_NAMES})
        body = Writer()
        self._write_training(body, network)
        self.average.write_epoch(body)
        if self.moves_each_epoch:
            body.blank()
            self._write_end_epoch(body)
        for phase in self.phases:
            body.blank()
            self._write_make(body, phase)
            body.blank()
            self._write_learn(body, phase)
        text = body.source().text
        read = names_read(text)
        packages = {("torch", "", "torch"), *(("torch", name, name) for name in ("Tensor", "nn", "optim"))}
        packages |= {*self.average.imports(), ("collections.abc", "Iterable", "Iterable")}
        own = {("model", self.project.main, network), ("model", "losses", "losses"), *self.modules.imports(read)}
        out = Writer()
        out.write(f'"""One training step of {self.project.main}, the network of model.py, phase by phase."""')
        out.blank()
        out.paste(import_text({each for each in packages if each[2] in read}, own))
        out.blank(2)
        out.paste(text)
        return out.source().text

    def _optimization(self) -> Iterator[SnippetName]:
        for phase in self.phases:
            yield from self.optimizers[phase.name].snippet_names()
            yield from self.schedules[phase.name].snippet_names()
        yield from self.average.snippet_names()

    def _parts(self) -> Iterator[SnippetName]:
        yield "training.phases", "Phase"
        yield "training.phases", "Timing"
        yield "training.phases", "own_weights" if self.learning.shares else "weights_of"
        if self.moves_each_epoch:
            yield "training.phases", "has_updates"
        if any(phase.accumulate > 1 for phase in self.phases):
            yield "training.phases", "finish_pass"
        for schedule in self.schedules.values():
            if schedule.counts_epochs:
                yield "training.phases", "updates_of_epochs"
        if self.covering:
            yield "training.run_schedule", "Legs"
            yield "training.phase_schedule", "PhaseSchedule"
        if any(phase.l1 or phase.l2 for phase in self.phases):
            yield "training.penalties", "penalty"

    def _measures(self) -> Iterator[SnippetName]:
        yield "training.phase_metrics", "PhaseLosses"
        yield "training.phase_metrics", "PhaseMetrics"
        if self.reads.all_needs.draws or self.average.each_epoch:
            yield "training.draws", "evaluation_draws"
        if best_metric(self.project):
            yield "training.early_stop", "is_best"
        if stop_metric(self.project):
            yield "training.early_stop", "EarlyStop"

    def _write_training(self, out: Writer, network: str) -> None:
        phases = (
            f"{quote(phase.name)}: self.make_{phase.name}({', '.join(self._arguments_of(phase))})"
            for phase in self.phases
        )
        paying = "{weight for weight in decaying(model, model.parameters()) if weight.dim() > 1}"
        out.code(f'''
            class Training:
                """A network, and the phases in which it learns from a batch, one after another."""

                def __init__(self, model: {network}, {declared_arguments(self.arguments)}) -> None:
                    self.model = model
                    self.phases = {{{", ".join(phases)}}}
                    {when(self.has_unpenalized_weights, f"self.paying = {paying}")}
                    {when(self.learning.follows, "self.steps_per_epoch = steps_per_epoch")}
                    {when(self.learning.follows, "follow(model, 0)")}
                    {when(self.average.part, f"self.average = {self.average.creation()}")}

                def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, PhaseLosses]:
                    """Learn from a batch in every phase that is due.

                    Returns the sum of the phases' totals and each phase's losses; of repeated passes, those of the
                    last. ``number``: of the batch in its epoch. ``epoch`` and ``number`` count from 0.
                    """
                    by_phase: PhaseLosses = {{}}
            ''')
        for phase in self.covering:
            out.code(f"self.phases[{quote(phase.name)}].schedule.begin(epoch, number)", 8)
        for phase in self.phases:
            out.code(
                f"""
                for _ in range(self.phases[{quote(phase.name)}].timing.passes(epoch, number)):
                    by_phase[{quote(phase.name)}] = self.learn_{phase.name}(batch)
                """,
                8,
            )
        if self.learning.follows:
            out.code("follow(self.model, epoch * self.steps_per_epoch + number + 1)", 8)
        if self.average.each_step:
            out.code("self.average.update_parameters(self.model)", 8)
        out.code(
            """
            zero = torch.zeros((), device=next(self.model.parameters()).device)
            return sum((values["total"] for values in by_phase.values()), zero), by_phase
            """,
            8,
        )

    def _write_end_epoch(self, out: Writer) -> None:
        out.code(
            '''
            def end_epoch(self, report: dict[str, float], epoch: int) -> None:
                """Move the LR schedules that move once an epoch, of phases that have learnt in it.

                ``report``: the losses and metrics of the epoch, which counts from 0.
                """
            ''',
            4,
        )
        for phase in self.moving_each_epoch:
            name = schedule_metric(self.project, phase.schedule)
            metric = f"report[{quote(name)}]" if name else ""
            out.code(
                f"""
                if has_updates(self.phases[{quote(phase.name)}].timing, epoch):
                    self.phases[{quote(phase.name)}].schedule.step({metric})
                """,
                8,
            )

    def _arguments_of(self, phase: EffectivePhase) -> tuple[str, ...]:
        return (*(("legs",) if phase in self.covering else ()), "steps_per_epoch")

    def _write_make(self, out: Writer, phase: EffectivePhase) -> None:
        timing = ", ".join(["steps_per_epoch", *timing_arguments(phase)])
        schedule = self._schedule(phase)
        optimizers = self.optimizers[phase.name]
        parts_text = "optimizers" if optimizers.is_several else "optimizer"
        parts_text += ", timing and LR schedule" if schedule else " and timing"
        parts = ["self.model", "weights", "optimizer", "timing", *(["schedule"] if schedule else [])]
        out.code(
            f'''
            def make_{phase.name}(self, {declared_arguments(self._arguments_of(phase))}) -> Phase:
                """The phase `{phase.name}`, with its weights, {parts_text}."""
                weights = {self._learnt(phase)}
            ''',
            4,
        )
        statements = optimizers.statements("optimizer", "self.model", "weights", all_learn=True)
        out.code("\n".join(statements), 8)
        out.code(
            f"""
            timing = Timing({timing})
            {when(schedule, f"schedule = {schedule}")}
            return Phase({", ".join(parts)})
            """,
            8,
        )

    def _learnt(self, phase: EffectivePhase) -> str:
        """The expression of the weights of a phase."""
        learns = self._reads(phase.name).learns
        if self.learning.shares:
            return f"own_weights(self.model, {', '.join(map(quote, learns))})"
        if self.module_names.issubset(learns):
            return "weights_of(self.model)"
        return f"weights_of({', '.join(f'self.model.{name}' for name in learns)})"

    def _reads(self, phase: str) -> PhaseReads:
        return next(each for each in self.reads.phases if each.name == phase)

    def _schedule(self, phase: EffectivePhase) -> str:
        schedule = self.schedules[phase.name]
        scheduler = schedule.call()
        if not schedule.covers_run:
            return scheduler
        each_epoch = "" if schedule.every_step else ", each_epoch=True"
        return f"PhaseSchedule(lambda moves: {scheduler}, optimizer, legs, timing{each_epoch})"

    def _write_learn(self, out: Writer, phase: EffectivePhase) -> None:
        accumulates = phase.accumulate > 1
        moves = self.schedules[phase.name].every_step
        optimizers = self.optimizers[phase.name]
        out.code(
            f'''
            def learn_{phase.name}(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
                """One pass of the phase `{phase.name}` over a batch. Returns its losses before the update."""
                phase = self.phases[{quote(phase.name)}]
            ''',
            4,
        )
        computation = list(self._computation(phase))
        lines = optimizers.update(
            "phase.optimizer", "phase.weights[0].device", computation, 'values["total"]', "values"
        )
        clip = phase.clip
        out.code("\n".join([*lines, *(["if finish_pass(phase):"] if accumulates else [])]), 8)
        out.code(
            f"""
            {when(clip, f"nn.utils.clip_grad_{clip.by}_(phase.weights, {clip.at!r})" if clip else "")}
            {when(not optimizers.evaluates, self.learning.update("phase.optimizer"))}
            {when(moves, "phase.schedule.step()")}
            """,
            12 if accumulates else 8,
        )
        values = "evaluations[0]" if optimizers.evaluates else "values"
        out.code(f"return {{name: value.detach() for name, value in {values}.items()}}", 8)

    def _computation(self, phase: EffectivePhase) -> Iterator[str]:
        """The statements that compute the losses and the gradients of a phase."""
        factors = {name: factor for name, factor in (("l1", phase.l1), ("l2", phase.l2)) if factor}
        penalties = ", ".join(f"{name}={factor!r}" for name, factor in factors.items())
        pays = "weight in self.paying" if self.has_unpenalized_weights else "weight.dim() > 1"
        yield "phase.begin()"
        yield f"outputs = self.{self.forward(phase.name)}"
        yield f"values = losses(outputs, batch, phase={quote(phase.name)})"
        if penalties:
            yield f"weights = [weight for weight in phase.weights if {pays}]"
            yield f'values["total"] = values["total"] + penalty(weights, {penalties})'
        if phase.accumulate > 1:
            yield f'(values["total"] / {phase.accumulate}).backward()'
        else:
            yield 'values["total"].backward()'
