"""What a loader returns: the samples, and what it found out about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from resources.snippets.samples import DataError, Samples


@dataclass(frozen=True)
class Guess:
    """What a reader assumed about the data and may be wrong about.

    ``message``: what was read as what, with place and count. ``hint``: what to do when that is wrong.
    ``param``: the parameter of the data that decides it. ``value``: the whole value of that parameter that a one-click
    fix sets; ``None`` when no single value is the right one. ``label``: the text of that fix.
    """

    message: str
    hint: str = ""
    param: str = ""
    value: object = None
    label: str = ""


class MendableError(DataError):
    """Data that cannot be used as it is set; ``remedy``: the setting that would mend it, if there is one."""

    def __init__(self, message: str, hint: str, remedy: Guess | None) -> None:
        super().__init__(message, hint)
        self.remedy = remedy


@dataclass(kw_only=True)
class Rows(Samples):
    """A data set in memory.

    ``columns``: for a table, each feature column with its categories, if any.
    ``missing``: for a table, how many values of each column the file lacks. ``dropped``: rows left out for that.
    ``roles``: for a table, what each of its columns was read as, in words (``number``, ``category of 5``, ``target``).
    ``scaled``: what the reader itself changed, such as bytes divided by 255. ``guesses``: what it assumed.
    ``decisions``: how it treated the files, in its own terms; a run records them, so that new files are read in the
    same way. ``measure``: of a table, what is written beside the numbers of its target, such as %.
    ``form``: what it takes to read the files again without recognizing anything, for exported code.
    """

    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)
    scaled: Sequence[str] = ()
    guesses: Sequence[Guess] = ()
    decisions: Mapping[str, object] = field(default_factory=dict)
    measure: str = ""
    form: Mapping[str, object] = field(default_factory=dict)
