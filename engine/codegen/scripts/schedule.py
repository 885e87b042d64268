"""The part of a stand-alone train.py that changes the learning rate, through all legs of the run."""

from collections.abc import Iterator

from engine.catalog.schedules import SCHEDULES, covers_run
from engine.check.watched import watched_for_schedule
from engine.codegen.literals import literal, quoted
from engine.codegen.scripts.data import Wanted, keywords
from engine.codegen.scripts.legs import RunLength
from engine.codegen.source import Writer
from engine.graph.model import Project

OWN_NAMES = ("LEGS", "WENT_ON")


class ScheduleCode:
    """Writes the schedule, and the legs where the run has several."""

    def __init__(self, project: Project, length: RunLength) -> None:
        self.project, self.training, self.length = project, project.training, length
        self.part = part = project.training.schedule
        self.declared = SCHEDULES[part.kind] if part else None
        self.every_step = bool(part and self.declared and (part.every or self.declared.every) == "step")
        self.covers_run = part is not None and covers_run(part.kind, part.params)
        self.has_legs = self.covers_run and (len(length.legs) > 1 or length.end != length.epochs)

    @property
    def epochs(self) -> int:
        """The number of epochs that the script trains by default."""
        return min(self.length.epochs, self.length.end)

    def wanted(self) -> Iterator[Wanted]:
        """The snippets that the written lines use."""
        if self.has_legs:
            yield "legs", "settings"
            yield "legs", "renew"

    def write_constants(self, out: Writer) -> None:
        """``LEGS``, and after which epochs a run that had stopped early went on."""
        if self.has_legs:
            legs = ", ".join(
                f"{literal((leg.epoch, leg.batch))}: {literal((leg.first, leg.end))}" for leg in self.length.legs
            )
            out.write("# The epoch and batch with which a leg of the run begins: the epochs its schedule covers.")
            out.write(f"LEGS = {{{legs}}}")
        if self.training.early_stop and self.length.went_on:
            out.write(f"WENT_ON = {literal(self.length.went_on)}", comment="early stops after which it went on")

    def write_setup(self, out: Writer) -> None:
        """What comes before the first epoch."""
        if self.covers_run and self.every_step:
            per_epoch = "rows // BATCH_SIZE" if self.training.drop_last else "-(-rows // BATCH_SIZE)"
            out.write(f"steps_per_epoch = {per_epoch}", 4)
        if self.has_legs:
            out.write("made_with = settings(optimizer)", 4)
        elif self.part:
            out.write(f"schedule = {self._made(self._moves('options.epochs'))}", 4)

    def write_begin(self, out: Writer) -> None:
        """At each step: the schedule of a leg that begins with it."""
        if not self.has_legs:
            return
        out.write("if (epoch, number) in LEGS:", 12)
        out.write("first, end = LEGS[epoch, number]", 16)
        out.write("renew(optimizer, made_with)", 16)
        out.write(f"schedule = {self._made(self._moves('(end - first)' if self.every_step else 'end - first'))}", 16)
        if any(leg.first < leg.epoch or leg.batch for leg in self.length.legs):
            over = f"{self._moves('(epoch - first)')} + number" if self.every_step else "epoch - first"
            out.write(f"for _ in range({over}):", 16)
            out.write("schedule.step()", 20)

    def write_step(self, out: Writer) -> None:
        """After each step of the optimizer."""
        if self.every_step:
            out.write("schedule.step()", 12)

    def write_epoch(self, out: Writer) -> None:
        """After each epoch, whose report is known."""
        if self.part and not self.every_step:
            told = watched_for_schedule(self.project)
            out.write(f"schedule.step(report[{quoted(told)}])" if told else "schedule.step()", 8)

    def write_early_stop(self, out: Writer, figure: str) -> None:
        """After each epoch: whether it is the last."""
        out.write(f"if early_stop.is_over(report[{quoted(figure)}]):", 8)
        if self.length.went_on:
            out.write("if epoch + 1 not in WENT_ON:", 12)
            out.write("break", 16)
            out.write("early_stop.waited = 0", 12)
        else:
            out.write("break", 12)

    def write_check(self, out: Writer) -> None:
        """Refuses more epochs than the legs are for."""
        if self.has_legs:
            out.write(f"if options.epochs > {self.length.end}:", 4)
            out.write(f'parser.error("the schedules in LEGS end after {self.length.end} epochs")', 8)

    def _moves(self, epochs: str) -> str:
        return f"{epochs} * steps_per_epoch" if self.every_step else epochs

    def _made(self, moves: str) -> str:
        """The call that makes the schedule; ``moves``: its length, where that is the run's."""
        if self.part is None or self.declared is None:
            return ""
        length = self.declared.run_length
        given = keywords(self.declared.params, self.part.params, skip=(length,) if self.covers_run else ())
        parts = ["optimizer", *([given] if given else []), *([f"{length}={moves}"] if self.covers_run else [])]
        return f"{self.declared.target.removeprefix('torch.')}({', '.join(parts)})"
