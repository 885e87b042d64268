"""The ``step.py`` of a project that lists phases: an optimizer, an LR schedule and a function for each of them."""

from collections.abc import Iterator

from engine.catalog.schedules import covers_run
from engine.codegen.field_usage import PhaseReads, Reads
from engine.codegen.literals import literal, quote
from engine.codegen.plan import plan_main
from engine.codegen.scripts.data_description import SnippetName
from engine.codegen.scripts.learning import LearningCode
from engine.codegen.scripts.modules import Modules, import_text
from engine.codegen.scripts.optimizers import moves_each_step, optimizer_call, schedule_call
from engine.codegen.snippets import names_read, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project
from engine.graph.phases import EffectivePhase, effective_phases
from engine.graph.watched_metrics import best_metric, schedule_metric, stop_metric

OWN_NAMES = ("Tensor", "Training")
"""The names that the file itself or its imports define, beside those of snippets."""


class PhasedStepCode:
    """Writes the file. ``reads``: what the main graph of the project reads.

    ``modules``: those that the file imports from, which consist of snippets alone.
    """

    def __init__(self, project: Project, reads: Reads) -> None:
        self.project, self.reads = project, reads
        self.phases = effective_phases(project)
        self.module_names = {step.name for step in plan_main(project).module_steps()}
        self.learning = LearningCode(project)
        modules = Modules().with_module("weights", self.learning.snippet_names())
        self.modules = modules.with_module("phases", self._parts()).with_module("metrics", self._measures())

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments of ``Training`` beside the network."""
        return (*(("legs",) if any(map(_covers_run, self.phases)) else ()), "steps_per_epoch")

    @property
    def _has_unpenalized_weights(self) -> bool:
        """Whether some weights have no penalties although others have."""
        return self.learning.decays and any(phase.l1 or phase.l2 for phase in self.phases)

    @property
    def moves_each_epoch(self) -> bool:
        """Whether ``Training`` has ``end_epoch``."""
        return any(map(_moves_each_epoch, self.phases))

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
        own = {("model", self.project.main, network), ("model", "losses", "losses"), *self.modules.imports(read)}
        out = Writer()
        out.write(f'"""One training step of {self.project.main}, the network of model.py, phase by phase."""')
        out.blank()
        out.paste(import_text({each for each in packages if each[2] in read}, own))
        out.blank(2)
        out.paste(text)
        return out.source().text

    def _parts(self) -> Iterator[SnippetName]:
        yield "training.phases", "Phase"
        yield "training.phases", "Timing"
        yield "training.phases", "own_weights" if self.learning.shares else "weights_of"
        if self.moves_each_epoch:
            yield "training.phases", "has_updates"
        if any(phase.accumulate > 1 for phase in self.phases):
            yield "training.phases", "finish_pass"
        if any(map(_covers_run, self.phases)):
            yield "training.run_schedule", "Legs"
            yield "training.phase_schedule", "PhaseSchedule"
        if any(phase.l1 or phase.l2 for phase in self.phases):
            yield "training.penalties", "penalty"

    def _measures(self) -> Iterator[SnippetName]:
        yield "training.phase_metrics", "PhaseLosses"
        yield "training.phase_metrics", "PhaseMetrics"
        if self.reads.all_needs.draws:
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

                def __init__(self, model: {network}, {_declared(self.arguments)}) -> None:
                    self.model = model
                    self.phases = {{{", ".join(phases)}}}
                    {when(self._has_unpenalized_weights, f"self.paying = {paying}")}
                    {when(self.learning.follows, "self.steps_per_epoch = steps_per_epoch")}
                    {when(self.learning.follows, "follow(model, 0)")}

                def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, PhaseLosses]:
                    """Learn from a batch in every phase that is due.

                    Returns the sum of the phases' totals and each phase's losses; of repeated passes, those of the
                    last. ``number``: of the batch in its epoch. ``epoch`` and ``number`` count from 0.
                    """
                    by_phase: PhaseLosses = {{}}
            ''')
        for phase in filter(_covers_run, self.phases):
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
        for phase in filter(_moves_each_epoch, self.phases):
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
        return (*(("legs",) if _covers_run(phase) else ()), "steps_per_epoch")

    def _write_make(self, out: Writer, phase: EffectivePhase) -> None:
        timing = ", ".join(["steps_per_epoch", *_timing(phase)])
        schedule = self._schedule(phase)
        parts_text = "optimizer, timing and LR schedule" if schedule else "optimizer and timing"
        groups = self.learning.groups("self.model", "weights", all_learn=True)
        parts = ["self.model", "weights", "optimizer", "timing", *(["schedule"] if schedule else [])]
        out.code(
            f'''
            def make_{phase.name}(self, {_declared(self._arguments_of(phase))}) -> Phase:
                """The phase `{phase.name}`, with its weights, {parts_text}."""
                weights = {self._learnt(phase)}
                optimizer = {optimizer_call(phase, groups, "self.model")}
                timing = Timing({timing})
                {when(schedule, f"schedule = {schedule}")}
                return Phase({", ".join(parts)})
            ''',
            4,
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
        if phase.schedule is None:
            return ""
        scheduler = schedule_call(phase.schedule, "optimizer")
        if not _covers_run(phase):
            return scheduler
        each_epoch = "" if moves_each_step(phase.schedule) else ", each_epoch=True"
        return f"PhaseSchedule(lambda moves: {scheduler}, optimizer, legs, timing{each_epoch})"

    def _write_learn(self, out: Writer, phase: EffectivePhase) -> None:
        factors = {name: factor for name, factor in (("l1", phase.l1), ("l2", phase.l2)) if factor}
        penalties = ", ".join(f"{name}={factor!r}" for name, factor in factors.items())
        accumulates = phase.accumulate > 1
        moves = phase.schedule is not None and moves_each_step(phase.schedule)
        pays = "weight in self.paying" if self._has_unpenalized_weights else "weight.dim() > 1"
        out.code(
            f'''
            def learn_{phase.name}(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
                """One pass of the phase `{phase.name}` over a batch. Returns its losses before the update."""
                phase = self.phases[{quote(phase.name)}]
                phase.begin()
                outputs = self.{self.forward(phase.name)}
                values = losses(outputs, batch, phase={quote(phase.name)})
                {when(penalties, f"weights = [weight for weight in phase.weights if {pays}]")}
                {when(penalties, f'values["total"] = values["total"] + penalty(weights, {penalties})')}
                {when(not accumulates, 'values["total"].backward()')}
                {when(accumulates, f'(values["total"] / {phase.accumulate}).backward()')}
                {when(accumulates, "if finish_pass(phase):")}
            ''',
            4,
        )
        clip = phase.clip
        out.code(
            f"""
            {when(clip, f"nn.utils.clip_grad_{clip.by}_(phase.weights, {clip.at!r})" if clip else "")}
            {self.learning.update("phase.optimizer")}
            {when(moves, "phase.schedule.step()")}
            """,
            12 if accumulates else 8,
        )
        out.code("return {name: value.detach() for name, value in values.items()}", 8)


def validation_phases(project: Project) -> tuple[str, ...]:
    """The phases that together compute all losses: each has one that none before it has."""
    first: dict[str, str] = {}
    for phase in effective_phases(project):
        for name in phase.losses:
            first.setdefault(name, phase.name)
    return tuple(dict.fromkeys(first.values()))


def scales(project: Project) -> dict[str, float]:
    """Every loss of the phases with its factor in their sum."""
    factors = {}
    for step in plan_main(project).losses:
        scale = step.params.get("scale", 1.0)
        factors[step.name] = float(scale) if isinstance(scale, int | float) else 1.0
    names = {name for phase in effective_phases(project) for name in phase.losses}
    return {name: factor for name, factor in factors.items() if name in names}


def _declared(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}: {'Legs' if name == 'legs' else 'int'}" for name in names)


def _timing(phase: EffectivePhase) -> Iterator[str]:
    counts = {"times": phase.times, "every": phase.every, "accumulate": phase.accumulate}
    yield from (f"{name}={count}" for name, count in counts.items() if count != 1)
    if phase.epochs is not None:
        yield f"epochs={literal(phase.epochs)}"


def _covers_run(phase: EffectivePhase) -> bool:
    return phase.schedule is not None and covers_run(phase.schedule.kind, phase.schedule.params)


def _moves_each_epoch(phase: EffectivePhase) -> bool:
    return phase.schedule is not None and not moves_each_step(phase.schedule)
