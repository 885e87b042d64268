"""The modules of a program that consist of copied snippets, and the imports from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from engine.codegen.scripts.data_description import SnippetName
from engine.codegen.snippets import Import, SnippetCopy, copy_snippets, import_lines, join_definitions, names_read
from engine.codegen.source import Writer

OPTION_TYPES = ("output_file", "positive_number", "seed_number", "usable_device")
"""The functions that check the options of the programs."""
MOST_LINES = 300  # of a file that a person reads in one sitting
TITLES = {
    "weights": "How weights begin, learn and follow",
    "cells": "How the cells of the table are read",
    "reading": "How files of samples are read",
    "transforms": "How samples are changed before the network gets them",
    "optimization": "Optimizers, LR schedules and averages of weights",
    "phases": "The phases of a training step",
    "options": "Checks of command-line options",
    "metrics": "How losses and metrics are measured",
    "answers": "Predictions as text, JSON and files",
}

SECTIONS = {
    "Samples": ("samples",),
    "Types": ("options",),
    "Images": ("image.",),
    "Arrays": ("known_format.arrays", "known_format.labels"),
    "IDX files": ("known_format.idx",),
    "Tables": ("known_format.table", "known_format.lines", "known_format.sheet", "table.cells"),
    "A row typed by hand": ("table.typed_row",),
    "Cells": ("known_format.column", "known_format.dates", "known_format.amounts", "table."),
    "Transforms": ("transforms", "augment"),
    "Predictions": ("answers.", "sampling"),
    "Units": ("units", "training.metrics"),
    "Order": ("training.order",),
    "What the optimizer learns": ("training.learning",),
    "What the network starts from": ("training.start",),
    "Weights that layers share": ("training.shared_weights",),
}
"""The headings in a file, by the beginning of the snippets' names."""
OF_STEPS = {
    "LR schedules": ("training.run_schedule", "training.phase_schedule", "training.schedule_list"),
    "Phases": ("training.phases",),
    "Penalties": ("training.penalties",),
    "Random numbers": ("training.order", "training.draws"),
    "Averaged weights": ("training.average",),
    "Optimizers": ("training.optimizers",),
    "Metrics": ("training.metrics", "training.phase_metrics"),
    "The best epoch": ("training.early_stop",),
}
"""The headings in the modules of ``step.py``."""


@dataclass(frozen=True, slots=True)
class Modules:
    """Modules in the order in which they import from each other, each with its copied definitions."""

    parts: tuple[tuple[str, SnippetCopy], ...] = ()

    def with_module(self, name: str, names: Iterable[SnippetName]) -> "Modules":
        """These modules and one more, with the definitions that it needs and these do not have."""
        return Modules((*self.parts, (name, copy_snippets(names, after=self.last))))

    @property
    def last(self) -> SnippetCopy:
        """The definitions of the last module, with the names of all."""
        return self.parts[-1][1] if self.parts else SnippetCopy()

    @property
    def files(self) -> dict[str, str]:
        """The texts of the modules that consist of snippets alone, by file name."""
        texts = {}
        for at, (name, copy) in enumerate(self.parts):
            if name in TITLES and copy.parts:
                out = Writer()
                decides = ", and which epoch is the best" if name == "metrics" and "is_better" in copy.names else ""
                out.write(f'"""{TITLES[name]}{decides}."""')
                out.blank()
                out.paste(import_text(copy.imports, Modules(self.parts[:at]).imports(names_read(copy.text))))
                for section, parts in groupby(copy.parts, key=lambda part: _section(name, part[0])):
                    out.heading(section)
                    out.blank(2)
                    out.paste(join_definitions(text for _, text in parts))
                texts[f"{name}.py"] = out.source().text
        return texts

    def imports(self, names: Iterable[str]) -> set[Import]:
        """The imports of those names that one of the modules defines."""
        homes: dict[str, str] = {}
        for module, copy in self.parts:
            homes |= dict.fromkeys(copy.names - homes.keys(), module)
        return {(homes[name], name, name) for name in names if name in homes}


def _section(module: str, snippet: str) -> str:
    sections = OF_STEPS if module in ("optimization", "phases", "metrics") else SECTIONS
    return next((section for section, prefixes in sections.items() if snippet.startswith(prefixes)), snippet)


def import_text(packages: Iterable[Import], program: Iterable[Import]) -> str:
    """The lines that import packages, and below them those that import from the program itself."""
    parts = ("\n".join(import_lines(imports)) for imports in (packages, program))
    return "\n\n".join(filter(None, parts))


def is_long(text: str) -> bool:
    """Whether a file is too long to be read in one sitting."""
    return text.count("\n") > MOST_LINES
