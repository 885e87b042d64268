"""The sizes of several walks as one text each: a number where all are equal, else a formula of a length."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from engine.runtime.analysis.lengths.formula import Formula, formula_of
from engine.runtime.analysis.lengths.trials import Trials, changed_letter

Sizes = tuple[int | None, ...]
"""The sizes of one axis, by walk; ``None`` where it is unknown."""
MOST_WALKS = 40


@dataclass(slots=True)
class Labels:
    """Gives sizes their texts. ``trials``: the walks that the sizes are from."""

    trials: Trials
    _unknown: dict[str, list[Sizes]] = field(default_factory=dict)  # by letters, sizes that no formula gives
    _texts: dict[Sizes, int | str] = field(default_factory=dict)

    def of(self, sizes: Sizes) -> int | str:
        """The size that all walks give, or its formula, or the letter with a mark, ``T'``, where none fits."""
        if sizes not in self._texts:
            self._texts[sizes] = self._label(sizes)
        return self._texts[sizes]

    def _label(self, sizes: Sizes) -> int | str:
        letters = letters_of(self.trials, sizes)
        if not letters:
            return sizes[0] or 0
        if len(letters) == 1 and (formula := formula_from(self.trials, letters[0], sizes)):
            return formula.text(letters[0])
        name = "".join(letters)
        unknown = self._unknown.setdefault(name, [])
        if sizes not in unknown:
            unknown.append(sizes)
        return name + "'" * (unknown.index(sizes) + 1)


def letters_of(trials: Trials, sizes: Sizes) -> list[str]:
    """The letters whose lengths a size depends on."""
    differing = (walk for walk, size in zip(trials.walks, sizes, strict=True) if size not in (None, sizes[0]))
    return list(dict.fromkeys(changed_letter(trials.walks[0].lengths, walk.lengths) for walk in differing))


def formula_from(trials: Trials, letter: str, sizes: Sizes) -> Formula | None:
    """The formula of the length of a letter that gives these sizes."""
    first = trials.walks[0].lengths
    points = {
        walk.lengths[letter]: size
        for walk, size in zip(trials.walks, sizes, strict=True)
        if size is not None and changed_letter(first, walk.lengths) in ("", letter)
    }
    return formula_of(tuple(points.items())) if len(points) > 1 else None


def walk_until_certain(trials: Trials, axes: Callable[[], Iterable[Sizes]]) -> None:
    """Add walks until the formula of each axis is certain. ``axes``: the sizes of all axes in the walks so far."""
    tried: set[tuple[str, int]] = set()
    while len(trials.walks) < MOST_WALKS:
        request = next((each for each in _undecided(trials, axes()) if each not in tried), None)
        if request is None:
            return
        tried.add(request)
        trials.add(*request)


def _undecided(trials: Trials, axes: Iterable[Sizes]) -> Iterable[tuple[str, int]]:
    """The letters and lengths of walks that would decide between formulas."""
    for sizes in dict.fromkeys(axes):
        letters = letters_of(trials, sizes)
        formula = formula_from(trials, letters[0], sizes) if len(letters) == 1 else None
        if formula and not formula.is_certain:
            axis = trials.axes[letters[0]]
            has_room = axis.high is None or axis.length + formula.divisor <= axis.high
            yield letters[0], formula.deciding_length(axis.length if has_room else axis.low)
