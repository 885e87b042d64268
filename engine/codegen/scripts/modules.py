"""The modules of copied snippets that the scripts of a program import from."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from engine.codegen.scripts.data_description import SnippetName
from engine.codegen.snippets import Import, SnippetCopy, copy_snippets, import_lines, joined, names_read
from engine.codegen.source import Writer

OPTION_TYPES = ("output_file", "positive_number", "seed_number", "usable_device")
"""What checks the options of the programs."""
MOST_LINES = 300  # of a file that a person reads in one sitting
TITLES = {
    "weights": "How weights begin, learn and follow",
    "cells": "How the cells of the table are written",
    "reading": "How files of samples are read",
    "transforms": "How samples are changed before the network gets them",
    "phases": "What the phases of a training step are made of",
    "options": "What the options of the programs may be",
    "metrics": "How losses and metrics are measured, and what is decided by them",
}

SECTIONS = {
    "Samples": ("samples",),
    "Types": ("options",),
    "Images": ("image.",),
    "Arrays": ("plain.arrays", "plain.labels"),
    "IDX files": ("plain.idx",),
    "Tables": ("plain.table", "plain.lines", "plain.sheet", "table.cells"),
    "Cells": ("plain.column", "plain.dates", "plain.amounts", "table."),
    "Transforms": ("transforms", "augment"),
    "Units": ("units", "training.metrics"),
    "Order": ("training.order",),
    "What the optimizer learns": ("training.learning",),
    "What the network starts from": ("training.start",),
}
"""What the parts of a file are called, by the beginning of their snippet's name."""
OF_STEPS = {
    "LR schedules": ("training.run_schedule", "training.phase_schedule"),
    "Phases": ("training.phases",),
    "Penalties": ("training.penalties",),
    "Random numbers": ("training.order", "training.draws"),
    "Metrics": ("training.metrics", "training.phase_metrics"),
    "The best epoch": ("training.early_stop",),
}
"""Likewise, for the modules of ``step.py``."""


@dataclass(frozen=True, slots=True)
class Modules:
    """Modules in the order in which they import from each other, each with what it has from snippets."""

    parts: tuple[tuple[str, SnippetCopy], ...] = ()

    def then(self, name: str, wanted: Iterable[SnippetName]) -> "Modules":
        """These and one more, which has what it needs and these lack."""
        return Modules((*self.parts, (name, copy_snippets(wanted, after=self.last))))

    @property
    def last(self) -> SnippetCopy:
        """What the last one has itself, and the names of all."""
        return self.parts[-1][1] if self.parts else SnippetCopy()

    @property
    def files(self) -> dict[str, str]:
        """The texts of those that hold nothing but snippets, by the names of their files."""
        texts = {}
        for at, (name, copy) in enumerate(self.parts):
            if name in TITLES and copy.parts:
                out = Writer()
                out.write(f'"""{TITLES[name]}."""')
                out.blank()
                out.paste(import_text(copy.imports, Modules(self.parts[:at]).imports(names_read(copy.text))))
                for section, parts in groupby(copy.parts, key=lambda part: _section(name, part[0])):
                    out.heading(section)
                    out.blank(2)
                    out.paste(joined(text for _, text in parts))
                texts[f"{name}.py"] = out.source().text
        return texts

    def imports(self, names: Iterable[str]) -> set[Import]:
        """The imports of those of the names that one of the modules defines."""
        found: dict[str, str] = {}
        for module, copy in self.parts:
            found |= dict.fromkeys(copy.names - found.keys(), module)
        return {(found[name], name, name) for name in names if name in found}


def _section(module: str, snippet: str) -> str:
    sections = OF_STEPS if module in ("phases", "metrics") else SECTIONS
    return next((section for section, known in sections.items() if snippet.startswith(known)), snippet)


def import_text(others: Iterable[Import], own: Iterable[Import]) -> str:
    """The lines that import packages, and below them those that import from the program itself."""
    parts = ("\n".join(import_lines(imports)) for imports in (others, own))
    return "\n\n".join(filter(None, parts))


def is_long(text: str) -> bool:
    """Whether a file is too long to be read in one sitting."""
    return text.count("\n") > MOST_LINES
