"""Ticks at round numbers, their texts, and ranges that end at ticks."""

import math
from typing import NamedTuple

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TIMES_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400)
_NEAR_ZERO = 0.45  # of the highest value: if the lowest is below it, the axis starts at zero
_SLACK = 0.04


class Tick(NamedTuple):
    """A tick: ``place`` in the unit of the axis (the logarithm on a logarithmic axis), and its text."""

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
    """A range of whole steps around two values; it starts at zero if that is near, and ends at ``top`` at most."""
    if 0 <= low <= _NEAR_ZERO * high:
        low = 0.0
    if high <= low:
        pad = abs(high) / 10 or 1.0
        low, high = low - pad, min(top, high + pad)
    step = step_for(high - low, most)
    first, last = math.floor(low / step + _SLACK), math.ceil(high / step - _SLACK)
    return first * step, min(top, max(last, first + 1) * step)


def linear(low: float, high: float, most: int, *, percent: bool = False, whole: bool = False) -> list[Tick]:
    """Ticks at round values; ``whole``: at least 1 apart, for counts, unless the range is below 2."""
    step = step_for(high - low, most)
    if whole and high - low >= 2:
        step = 5.0 if step == 2.5 else max(step, 1.0)
    scale = 100 if percent else 1
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    ticks = [Tick(number * step, plain(number * step * scale, step * scale)) for number in range(first, last + 1)]
    if percent and ticks:
        ticks[-1] = Tick(ticks[-1].place, f"{ticks[-1].text}%")
    return ticks


def durations(low: float, high: float, most: int) -> list[Tick]:
    """Ticks at round times: whole seconds, minutes, hours and days."""
    span = (high - low) / max(1, most)
    step = next((each for each in _TIMES_S if each >= span), 0.0) or 86400.0 * math.ceil(span / 86400)
    if span < 1:
        step = step_for(high - low, most)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [Tick(number * step, duration(number * step, step)) for number in range(first, last + 1)]


def duration(seconds: float, step: float = 1.0, *, fine: bool = False) -> str:
    """A time as the text of a tick: 0, 20 s, 3 min, 1:30 h, 2 d; ``fine``: with its seconds."""
    if seconds < 60 and (fine or step < 60):
        return f"{seconds:.1f} s" if fine and seconds < 10 else "0" if seconds < 1e-9 else f"{seconds:g} s"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if whole < 3600:
        return f"{minutes}:{rest:02} min" if rest or fine or step < 60 else f"{minutes} min" if whole else "0"
    hours, left = divmod(minutes, 60)
    if fine:
        return f"{hours}:{left:02}:{rest:02} h"
    days, over = divmod(hours, 24)
    if days and not over and not left:
        return f"{days} d"
    return f"{hours}:{left:02} h" if left else f"{hours} h"


def logarithmic(low: float, high: float) -> list[Tick]:
    """Ticks at powers of ten between two logarithms, and at 2 and 5 times them if there are few."""
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
    """A value with enough digits to distinguish it from its neighbours a step away."""
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
