"""Rules about the phases of a training: their names, losses and weights, when they run, and their own settings."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from engine.catalog.index import did_you_mean
from engine.check import no_effect, watch_direction
from engine.check.diagnostics import Diagnostic, Fix, Severity
from engine.check.training import Range, of_optimization
from engine.check.view import View
from engine.graph.edits import SetTraining
from engine.graph.model import Phase, Project, Training, is_name
from engine.graph.off import OFF
from engine.graph.phases import EffectivePhase, effective_phases, losses_of, weight_owner

COUNT = Range(1, 1_000_000, whole=True)


def problems(project: Project) -> Iterator[Diagnostic]:
    """The problems of the phases; none where the training lists no phases."""
    if not project.training.phases or project.main not in project.graphs:
        return
    view = View(project, project.main, project.graphs[project.main])
    effective = effective_phases(project)
    for place, phase in enumerate(project.training.phases):
        rules = _Phase(view, place, phase)
        yield from rules.name()
        yield from rules.losses()
        yield from rules.learns()
        yield from rules.counts()
        yield from rules.settings(effective[place])
    yield from _without_phase(view)


def _without_phase(view: View) -> Iterator[Diagnostic]:
    """Losses that no phase minimizes."""
    training = view.project.training
    last = training.phases[-1]
    names_in_phases = {name for phase in training.phases for name in phase.losses}
    for name in losses_of(view.graph):
        if name not in names_in_phases:
            after = replace(training, phases=(*training.phases[:-1], replace(last, losses=(*last.losses, name))))
            yield view.problem(
                "T017",
                f"{name} is in no phase, so nothing minimizes it.",
                "Name it in the losses of a phase, or remove it; a metric is reported without being minimized.",
                node=name,
                fix=(f"Add it to phase {last.name}", SetTraining(after)),
            )


class _Phase:
    """The rules about one phase. ``place``: in the list of phases, counted from 0."""

    def __init__(self, view: View, place: int, phase: Phase) -> None:
        self._view, self._place, self._phase = view, place, phase
        self._training = view.project.training

    def name(self) -> Iterator[Diagnostic]:
        """A name that is not an identifier, or that an earlier phase has."""
        name = self._phase.name
        if not is_name(name):
            hint = "Use letters, digits and underscores, no digit first, and no Python keyword."
            yield self._problem("T018", f"{name!r} cannot name a phase.", hint)
        elif name in [other.name for other in self._training.phases[: self._place]]:
            yield self._problem("T018", f"Two phases are called {name}.", "Rename one of them.")

    def losses(self) -> Iterator[Diagnostic]:
        """Losses that do not exist, that are not losses, or that are named twice; a phase without any."""
        view, phase = self._view, self._phase
        for name in dict.fromkeys(phase.losses):
            without = self._fix(f"Remove {name} from it", replace(phase, losses=_without(phase.losses, name)))
            if name not in view.graph.nodes:
                hint = did_you_mean(name, losses_of(view.graph)) or "Name a loss of the main graph."
                message = f"Phase {phase.name}: there is no loss {name} in {view.name}."
                yield self._problem("T016", message, hint, without)
            elif view.role(name) != "loss" or view.graph.nodes[name].is_bypassed:
                is_off = view.role(name) == "loss"
                why = "is bypassed" if is_off else f"({view.graph.nodes[name].kind}) is not a loss"
                message = f"Phase {phase.name} is to minimize {name}, which {why}."
                yield self._problem("T016", message, "Name a loss of the main graph.", without)
            elif phase.losses.count(name) > 1:
                once = self._fix("Name it once", replace(phase, losses=tuple(dict.fromkeys(phase.losses))))
                yield self._problem("T016", f"Phase {phase.name} names the loss {name} more than once.", fix=once)
        if not phase.losses:
            rest = tuple(other for other in self._training.phases if other is not phase)
            fix = Fix(f"Remove phase {phase.name}", SetTraining(replace(self._training, phases=rest)))
            yield self._problem("T024", f"Phase {phase.name} has no loss.", "Name one, or remove the phase.", fix)

    def learns(self) -> Iterator[Diagnostic]:
        """Nodes to learn that do not exist, that are named twice, or that are of a kind without weights."""
        view, phase, names = self._view, self._phase, self._phase.learns or ()
        for name in dict.fromkeys(names):
            without = self._fix(f"Remove {name} from it", replace(phase, learns=_without(names, name)))
            if name not in view.graph.nodes:
                hint = did_you_mean(name, view.graph.nodes) or "Name a layer or block of the main graph."
                message = f"Phase {phase.name} is to learn {name}, which {view.name} does not have."
                yield self._problem("T016", message, hint, without)
            elif weight_owner(view.graph, name) is None:
                message = (
                    f"Phase {phase.name} is to learn {name} ({view.graph.nodes[name].kind}), which has no weights."
                )
                yield self._problem("T019", message, "Name layers and blocks that have weights.", without)
            elif names.count(name) > 1:
                once = self._fix("Name it once", replace(phase, learns=tuple(dict.fromkeys(names))))
                yield self._problem("T016", f"Phase {phase.name} names {name} more than once.", fix=once)

    def counts(self) -> Iterator[Diagnostic]:
        """How often it runs, and in which epochs."""
        phase = self._phase
        once = {"times": replace(phase, times=1), "every": replace(phase, every=1)}
        for name, new in (once | {"accumulate": replace(phase, accumulate=1)}).items():
            if wrong := COUNT.problem(getattr(phase, name)):
                fix = self._fix(f"Set {name} to 1", new)
                yield self._problem("T023", f"Phase {phase.name}: {name} {wrong}.", fix=fix)
        if phase.epochs is None:
            return
        first, last = phase.epochs
        if not 1 <= first <= last:
            always = self._fix("Run it in every epoch", replace(phase, epochs=None))
            message = f"Phase {phase.name}: epochs must be two numbers from 1 up, the first not above the last, got "
            yield self._problem("T023", f"{message}{first} and {last}.", "Epochs count from 1.", always)

    def settings(self, effective: EffectivePhase) -> Iterator[Diagnostic]:
        """The problems of the phase's optimizer, schedule, clipping and penalties that the training does not have."""
        before = self._training
        own = effective.within(before)
        rules: tuple[Callable[[Training], Iterator[Diagnostic]], ...] = (
            of_optimization,
            no_effect.training_problems,
            lambda training: watch_direction.problems(replace(self._view.project, training=training)),
        )
        for rule in rules:
            messages = {problem.message for problem in rule(before)}
            for problem in rule(own):
                if problem.message not in messages:
                    text = problem.message.removeprefix("Training: ")
                    message = f"Phase {self._phase.name}: {text[0].lower()}{text[1:]}"
                    yield replace(problem, message=message, fix=self._own_fix(problem.fix, own))

    def _own_fix(self, fix: Fix | None, own: Training) -> Fix | None:
        """A fix of the settings in effect for the phase, as a fix of the phase itself."""
        if fix is None or not isinstance(fix.edit, SetTraining):
            return None
        new, phase = fix.edit.training, self._phase
        after = replace(
            phase,
            **self._optimizers(new, own),
            schedule=phase.schedule if new.schedule == own.schedule else new.schedule or OFF,
            l1=phase.l1 if new.l1 == own.l1 else new.l1,
            l2=phase.l2 if new.l2 == own.l2 else new.l2,
        )
        return self._fix(fix.label, after)

    def _optimizers(self, new: Training, own: Training) -> dict[str, Any]:
        """The optimizers of the phase after such a fix: its own, or those of the training as they are."""
        if (new.optimizer, new.other_optimizers) == (own.optimizer, own.other_optimizers):
            return {}
        return {"optimizer": new.optimizer, "other_optimizers": new.other_optimizers}

    def _fix(self, label: str, after: Phase) -> Fix:
        phases = list(self._training.phases)
        phases[self._place] = after
        return Fix(label, SetTraining(replace(self._training, phases=tuple(phases))))

    def _problem(
        self, code: str, message: str, hint: str = "", fix: Fix | None = None, severity: Severity = "error"
    ) -> Diagnostic:
        return Diagnostic(code, severity, message, hint, fix=fix)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in names if each != name)
