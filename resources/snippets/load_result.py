"""The result of a loader: the samples, and what it recognized, assumed and left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from resources.snippets.samples import DataError, Samples


@dataclass(frozen=True)
class Guess:
    """An assumption of a reader about the data, which may be wrong.

    ``message``: what was read as what, with place and count. ``hint``: what to do when that is wrong.
    ``param``: the parameter of the data that decides it. ``value``: the whole value of that parameter that a one-click
    fix sets; ``None`` when no single value is the right one. ``label``: the text of that fix.
    """

    message: str
    hint: str = ""
    param: str = ""
    value: object = None
    label: str = ""


@dataclass(frozen=True)
class SettingFix:
    """A parameter of the data and the whole value that solves a problem; ``label``: the text of the button."""

    param: str
    value: object
    label: str


class FixableError(DataError):
    """Data that cannot be used with its settings; ``remedy``: the setting that would help, if there is one."""

    def __init__(self, message: str, hint: str, remedy: SettingFix | None) -> None:
        super().__init__(message, hint)
        self.remedy = remedy


@dataclass(kw_only=True)
class LoadedSamples(Samples):
    """A data set in memory.

    ``kinds``: what each field is, such as image or tokens, where the files or the settings say so.
    ``gap``: of samples in order of time, how many are left out between two parts, so that no target is in both.
    ``fit``: where the training samples decide how all are read, such as their vocabulary, the function that takes their
    numbers and gives all samples. ``texts``: the text of each number of a field of tokens.
    ``scaled``: the changes of values by the reader, such as bytes divided by 255. ``guesses``: its assumptions.
    ``decisions``: how it read the files; a run records them, so that new files are read in the same way.
    ``form``: how an exported program reads the files again without recognizing anything.
    For a table, ``columns``: each feature column with its categories, if any. ``missing``: the number of missing values
    of each column. ``dropped``: the number of rows left out for that. ``roles``: the role of each column, in words
    (``number``, ``category of 5``, ``target``). ``measure``: the unit beside the numbers of its target, such as %.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    gap: int = 0
    fit: Callable[[np.ndarray], "LoadedSamples"] | None = None
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)
    scaled: Sequence[str] = ()
    guesses: Sequence[Guess] = ()
    decisions: Mapping[str, object] = field(default_factory=dict)
    measure: str = ""
    form: Mapping[str, object] = field(default_factory=dict)
