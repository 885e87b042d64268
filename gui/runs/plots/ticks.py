"""Round numbers for axes: where to put marks, what to write at them, and which range to show."""

import math
from typing import NamedTuple

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_NEAR_ZERO = 0.45  # of the highest value: lower ones have the axis begin at zero
_SLACK = 0.04


class Tick(NamedTuple):
    """A mark: ``place`` in the axis's own unit (its logarithm on a log axis), and the text at it."""

    place: float
    text: str


def step_for(span: float, most: int) -> float:
    """The smallest round step of which at most ``most`` fit into a span."""
    rough = span / max(1, most)
    if not math.isfinite(rough) or rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next((step * power for step in _STEPS if step * power >= rough * (1 - 1e-9)), 10 * power)


def nice_range(low: float, high: float, most: int, *, top: float = math.inf) -> tuple[float, float]:
    """A range of whole steps around values; it begins at zero when that is not far, and ends at ``top`` at most."""
    if 0 <= low <= _NEAR_ZERO * high:
        low = 0.0
    if high <= low:
        pad = abs(high) / 10 or 1.0
        low, high = low - pad, min(top, high + pad)
    step = step_for(high - low, most)
    first, last = math.floor(low / step + _SLACK), math.ceil(high / step - _SLACK)
    return first * step, min(top, max(last, first + 1) * step)


def linear(low: float, high: float, most: int, *, percent: bool = False, whole: bool = False) -> list[Tick]:
    """Marks at round values; ``whole``: of what is counted, a whole number apart unless there are less than two."""
    step = max(step_for(high - low, most), 1.0 if whole and high - low >= 2 else 0.0)
    scale = 100 if percent else 1
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    found = [Tick(number * step, plain(number * step * scale, step * scale)) for number in range(first, last + 1)]
    if percent and found:
        found[-1] = Tick(found[-1].place, f"{found[-1].text}%")
    return found


def logarithmic(low: float, high: float) -> list[Tick]:
    """Marks at powers of ten between two logarithms, and between those when there are few."""
    decades = high - low
    inner = (1.0, 2.0, 5.0) if decades < 2.2 else (1.0,)
    every = max(1, math.ceil(decades / 6))
    ticks = []
    for power in range(math.floor(low), math.ceil(high) + 1):
        for factor in inner:
            place = power + math.log10(factor)
            if low - 1e-9 <= place <= high + 1e-9 and (factor != 1.0 or power % every == 0):
                ticks.append(Tick(place, _logarithm_text(power, factor)))
    return ticks


def plain(value: float, step: float) -> str:
    """A value with as many digits as tell it from its neighbours a step away."""
    if abs(value) < step / 1e6:
        return "0"
    size = abs(value)
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if 10 * unit <= size < 1e4 * unit and step >= unit / 10:
            return f"{value / unit:g}{letter}"
    if size >= 1e5 or step < 1e-4:
        text = f"{value:.{max(0, math.ceil(math.log10(size / step)))}e}"
        digits, _, power = text.partition("e")
        return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits}e{int(power)}"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if not math.isclose(step, round(step, decimals), rel_tol=1e-6):
        decimals += 1  # 0.25
    return f"{value:.{decimals}f}"


def _logarithm_text(power: int, factor: float) -> str:
    if -4 < power < 4:
        return f"{factor * 10.0**power:.{max(0, -power)}f}"
    return f"{factor:.0f}e{power}"
