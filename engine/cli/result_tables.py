"""The results of a run as tables for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from engine.cli.progress import metric_text
from engine.protocol.result_answers import ClassResults, MeanMetrics, NumberResults, RunResults, SampleResult

MAX_MATRIX = 20  # classes of a printed confusion matrix
MAX_CLASSES = 200  # lines of the table of classes
MAX_SAMPLES = 5  # lines of each list of samples


def tables(results: RunResults) -> Iterator[RenderableType]:
    """Everything that ``evaluate`` prints, in order."""
    yield _metrics(results)
    if results["note"]:
        yield f"\n{escape(results['note'])}"
    if "classes" in results:
        yield from _of_classes(results["classes"])
    if "numbers" in results:
        yield from _of_numbers(results["numbers"])
    yield from _samples("Worst samples", results["worst"])
    yield from _samples("Least sure samples", results["least_sure"])


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        table.add_column(escape(heading), justify="right" if at and heading != "unit" else "left")
    return table


def _metrics(results: RunResults) -> Table:
    units = results["units"]
    table = Table("metric", f"{results['part']} ({results['which']} weights)", *(["unit"] if units else []))
    table.box, table.pad_edge = None, False
    for name, value in results["metrics"].items():
        table.add_row(name, metric_text(name, value), *([escape(units.get(name, ""))] if units else []))
    return table


def share_text(share: float | None) -> str:
    """A share in percent; a dash where nothing decides it."""
    return "-" if share is None else f"{100 * share:.1f} %"


def area_text(area: float | None) -> str:
    """An area below a curve or a calibration error, with four digits."""
    return "-" if area is None else f"{area:.4f}"


def _of_classes(results: ClassResults) -> Iterator[RenderableType]:
    yield ""
    table = _table("class", "precision", "recall", "F1", "support", "ROC-AUC", "average precision")
    for each in results["classes"][:MAX_CLASSES]:
        shares = (share_text(each["precision"]), share_text(each["recall"]), share_text(each["f1"]))
        areas = (area_text(each["roc_auc"]), area_text(each["average_precision"]))
        table.add_row(escape(each["name"]), *shares, f"{each['support']:,}", *areas)
    if len(results["classes"]) > MAX_CLASSES:
        table.add_row(f"and {len(results['classes']) - MAX_CLASSES:,} more, see --json")
    support = f"{sum(each['support'] for each in results['classes']):,}"
    areas = (area_text(results["roc_auc"]), area_text(results["average_precision"]))
    table.add_row("macro mean", *_mean_texts(results["macro"]), support, *areas)
    table.add_row("weighted mean", *_mean_texts(results["weighted"]), support)
    yield table
    yield f"\naccuracy {share_text(results['accuracy'])}, calibration error {area_text(results['calibration_error'])}"
    if results.get("threshold") is not None:
        yield f"{escape(results['names'][1])} is predicted above a probability of {results['threshold']:g}"
    if results["counted_every"] > 1:
        yield _every(results["counted_every"], "Areas and calibration")
    if len(results.get("matrix", ())) in range(1, MAX_MATRIX + 1):
        yield ""
        yield _matrix(results["names"], results["matrix"])


def _mean_texts(mean: MeanMetrics) -> tuple[str, str, str]:
    return share_text(mean["precision"]), share_text(mean["recall"]), share_text(mean["f1"])


def _every(every: int, what: str) -> str:
    return f"{what} are computed of every {every:,}th answer, to save memory."


def _matrix(names: list[str], matrix: list[list[int]]) -> Table:
    table = _table("true \\ predicted", *names)
    for name, counts in zip(names, matrix, strict=True):
        table.add_row(escape(name), *map(str, counts))
    return table


def _of_numbers(results: NumberResults) -> Iterator[RenderableType]:
    yield ""
    unit = f"{results['unit']} ({results['measure']})" if results["measure"] else results["unit"]
    table = _table("", f"MAE in {unit}", "RMSE", "R2")
    for each in results["columns"]:
        table.add_row(escape(each["name"]), f"{each['mae']:.4g}", f"{each['rmse']:.4g}", f"{each['r2']:.4f}")
    table.add_row("all", f"{results['mae']:.4g}", f"{results['rmse']:.4g}", f"{results['r2']:.4f}")
    yield table
    if results["counted_every"] > 1:
        yield _every(results["counted_every"], "These metrics")


def _samples(title: str, samples: list[SampleResult]) -> Iterator[RenderableType]:
    if not samples:
        return
    yield ""
    table = _table(title, "truth", "answer", "probability" if "probability" in samples[0] else "error")
    for each in samples[:MAX_SAMPLES]:
        last = share_text(each["probability"]) if "probability" in each else f"{each['error']:.4g}"
        table.add_row(*map(escape, (each["place"], each["truth"], each["answer"])), last)
    yield table
