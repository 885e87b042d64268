"""The report: one HTML file without other resources."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from engine import __version__
from engine.project import disk_errors, durable
from engine.protocol.result_answers import ClassResults, NumberResults, RunResults, SampleResult
from engine.runtime.after_training.report.charts import Chart, legend
from engine.runtime.after_training.report.pictures import picture
from engine.runtime.after_training.results.evaluated import Evaluated

MAX_MATRIX = 40  # classes of a printed confusion matrix
MAX_LINES = 8  # curves in one chart
MAX_COLUMNS = 12  # of a table's row
STYLE = """
:root { color-scheme: light; } body { font: 15px/1.5 system-ui, sans-serif; color: #1d2330; background: #fff;
margin: 0 auto; max-width: 980px; padding: 32px 24px 64px; } h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 10px; } p { margin: 6px 0; } .dim { color: #667085; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th { font-weight: 600; color: #667085; }
th, td { padding: 4px 12px 4px 0; text-align: right; border-bottom: 1px solid #eceef2; }
th:first-child, td:first-child, td.text, th.text { text-align: left; } td.text { overflow-wrap: anywhere; }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; } .tile { background: #f5f7fa; border-radius: 8px;
padding: 10px 16px; } .tile b { display: block; font-size: 20px; }
.row { display: flex; flex-wrap: wrap; gap: 12px 20px; }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: 4px; } svg { display: block; }
svg text { font-size: 11px; fill: #667085; } svg .title { fill: #1d2330; } svg .grid { stroke: #eceef2; }
svg .diagonal { stroke: #b3bac6; stroke-dasharray: 4 4; } svg polyline { fill: none; stroke-width: 1.8; }
svg .bar { fill: #8fb1ee; } svg .dot { fill: #2f6fde; fill-opacity: .45; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 13px; color: #667085; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
.matrix td { text-align: center; padding: 5px 9px; border: 2px solid #fff; border-radius: 4px; min-width: 20px; }
.matrix th { padding: 4px 8px; border: 0; text-align: center; } .matrix th:first-child { text-align: right; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 10px; }
.card { border: 1px solid #eceef2; border-radius: 8px; padding: 10px 12px; overflow-wrap: anywhere; font-size: 13px; }
.card img { image-rendering: pixelated; width: 96px; border-radius: 4px; display: block; margin-bottom: 6px; }
.wrong { color: #b3402a; font-weight: 600; } .scroll { overflow-x: auto; }
@media print { body { padding: 0; } .card, figure, tr { break-inside: avoid; } }
"""


def write_report(result: Evaluated, path: Path) -> None:
    """Write the report of these results. Raises: ``EngineError`` when the disk fails."""
    text = report(result.results(), result.network.project.name)
    try:
        durable.replace(path, text.encode(errors="replace"))
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error


def report(results: RunResults, project: str) -> str:
    """The text of the file. ``project``: its name."""
    title = escape(f"{project}: {Path(results['run']).name}")
    body = "\n".join(_sections(results, title))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body>\n{body}\n'
        "</body></html>\n"
    )


def _sections(results: RunResults, title: str) -> Iterator[str]:
    yield f"<h1>{title}</h1>"
    source = f", {escape(results['source'])}" if results["source"] else ""
    yield f'<p class="dim">{escape(results["part"].capitalize())}: {results["samples"]:,} samples{source}</p>'
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    weights = f"The {results['which']} weights, those of epoch {results['epoch']}, in {escape(results['run'])}"
    yield f'<p class="dim">{weights}. Written by Torchloom {__version__}, {now}.</p>'
    if results["note"]:
        yield f"<p>{escape(results['note'])}</p>"
    if results["refused"]:
        yield f"<p>{results['refused']:,} samples could not be used:</p>"
        entries = (f"<li>{escape(each['place'])}: {escape(each['reason'])}</li>" for each in results["refusals"])
        yield f"<ul>{''.join(entries)}</ul>"
    yield "<h2>Losses and metrics</h2>"
    yield _tiles(
        [(name, _metric(name, value), results["units"].get(name, "")) for name, value in results["metrics"].items()]
    )
    if "classes" in results:
        yield from _classes(results["classes"])
    if "numbers" in results:
        yield from _numbers(results["numbers"])
    yield from _samples("Worst samples", results["worst"])
    yield from _samples("Least sure samples", results["least_sure"])


def _metric(name: str, value: float) -> str:
    return f"{100 * value:.2f} %" if name.endswith("accuracy") else f"{value:.4g}"


def _tiles(entries: Sequence[tuple[str, str, str]]) -> str:
    tiles = (
        f'<div class="tile"><b>{escape(value)}</b>{escape(name)}'
        f"{f' <span class=dim>{escape(unit)}</span>' if unit else ''}</div>"
        for name, value, unit in entries
    )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _area(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _classes(results: ClassResults) -> Iterator[str]:
    yield "<h2>Classes</h2>"
    headings = ("class", "precision", "recall", "F1", "support", "ROC-AUC", "average precision")
    rows = [
        (
            each["name"],
            *(_share(value) for value in (each["precision"], each["recall"], each["f1"])),
            f"{each['support']:,}",
            _area(each["roc_auc"]),
            _area(each["average_precision"]),
        )
        for each in results["classes"]
    ]
    areas = (_area(results["roc_auc"]), _area(results["average_precision"]))
    for name, mean, beside in (
        ("macro mean", results["macro"], areas),
        ("weighted mean", results["weighted"], ("", "")),
    ):
        rows.append((name, _share(mean["precision"]), _share(mean["recall"]), _share(mean["f1"]), "", *beside))
    yield _table(headings, rows)
    threshold = results.get("threshold")
    if threshold is not None:
        yield f"<p>{escape(results['names'][1])} is predicted above a probability of {threshold:g}.</p>"
    if 0 < len(results.get("matrix", ())) <= MAX_MATRIX:
        yield "<h2>Confusion</h2>"
        yield _matrix(results["names"], results["matrix"])
    yield from _curves(results)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _matrix(names: Sequence[str], matrix: Sequence[Sequence[int]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = []
    for row, (name, counts) in enumerate(zip(names, matrix, strict=True)):
        total = sum(counts) or 1
        cells = (_cell(count, count / total, is_right=row == at) for at, count in enumerate(counts))
        body.append(f"<tr><th>{escape(name)}</th>{''.join(cells)}</tr>")
    corner = '<th class="dim">true \\ predicted</th>'
    return f'<div class="scroll"><table class="matrix"><tr>{corner}{head}</tr>{"".join(body)}</table></div>'


def _cell(count: int, share: float, *, is_right: bool) -> str:
    red, green, blue = (47, 111, 222) if is_right else (217, 102, 59)
    strength = 0.0 if not count else 0.12 + 0.88 * share**0.55
    colour = "#fff" if strength > 0.6 else "#1d2330"
    ground = f"rgba({red},{green},{blue},{strength:.2f})" if count else "#f5f7fa"
    return f'<td style="background:{ground};color:{colour}">{count or ""}</td>'


def _curves(results: ClassResults) -> Iterator[str]:
    curves = sorted(results["curves"], key=lambda each: _area_of(results, each["name"]))[:MAX_LINES]
    if not curves:
        return
    roc, precision = [], []
    for each in curves:
        pairs = list(zip(each["hits"], each["false_alarms"], strict=True))
        positives, negatives = each["positives"] or 1, each["negatives"] or 1
        roc.append((each["name"], [(0.0, 0.0), *((false / negatives, hits / positives) for hits, false in pairs)]))
        precision.append((each["name"], [(hits / positives, hits / ((hits + false) or 1)) for hits, false in pairs]))
    bins = [each for each in results["reliability"] if each["count"]]
    corners = ((0.0, 0.0), (1.0, 1.0))
    charts = (
        ("ROC", Chart("false positive rate", "true positive rate", diagonal=corners, lines=roc)),
        ("Precision and recall", Chart("recall", "precision", lines=precision)),
        (
            f"Reliability, error {_area(results['calibration_error'])}",
            Chart(
                "probability of the answer",
                "share that is right",
                diagonal=corners,
                bars=[(each["low"], each["high"], each["right"]) for each in bins],
            ),
        ),
    )
    yield "<h2>Curves</h2>"
    few = (
        f" of the {len(curves)} classes with the lowest average precision"
        if len(curves) < len(results["names"])
        else ""
    )
    if few and len(results["names"]) > 2:
        yield f'<p class="dim">Curves{few}, each against the others.</p>'
    yield f'<div class="row">{"".join(_figure(*each) for each in charts)}</div>'
    yield legend([each["name"] for each in curves])


def _area_of(results: ClassResults, name: str) -> float:
    areas = {each["name"]: each["average_precision"] for each in results["classes"]}
    area = areas.get(name)
    return 1.0 if area is None else area


def _figure(title: str, chart: Chart) -> str:
    return f"<figure><figcaption>{escape(title)}</figcaption>{chart.svg()}</figure>"


def _numbers(results: NumberResults) -> Iterator[str]:
    unit = f"{results['unit']} ({results['measure']})" if results["measure"] else results["unit"]
    yield "<h2>Errors</h2>"
    rows = [
        (name, f"{each['mae']:.4g}", f"{each['rmse']:.4g}", f"{each['r2']:.4f}")
        for name, each in [(each["name"], each) for each in results["columns"]] + [("all", results)]
    ]
    yield _table(("", f"MAE in {unit}", "RMSE", "R2"), rows)
    points = [(truth, answer) for _, truth, answer in results["points"]]
    if not points:
        return
    values = [value for point in points for value in point]
    ends = (min(values), max(values))
    most = max(results["counts"], default=1) or 1
    bars = list(zip(results["edges"], results["edges"][1:], map(float, results["counts"]), strict=False))
    charts = (
        ("Truth and answer", Chart("truth", "answer", ends, ends, ((ends[0],) * 2, (ends[1],) * 2), dots=points)),
        ("Residuals", Chart("answer - truth", "samples", (bars[0][0], bars[-1][1]), (0.0, float(most)), bars=bars)),
    )
    yield f'<div class="row">{"".join(_figure(*each) for each in charts)}</div>'


def _samples(title: str, samples: Sequence[SampleResult]) -> Iterator[str]:
    if not samples:
        return
    yield f"<h2>{escape(title)}</h2>"
    yield f'<div class="cards">{"".join(map(_card, samples))}</div>'


def _card(sample: SampleResult) -> str:
    image = next((each["image"] for each in sample.get("fields", {}).values() if "image" in each), None)
    tag = f'<img src="{picture(image)}" alt="">' if image else ""
    chance = f", {100 * sample['probability']:.1f} %" if "probability" in sample else ""
    is_wrong = sample["truth"] != sample["answer"] and "probability" in sample
    answer = f'<span class="{"wrong" if is_wrong else ""}">{escape(sample["answer"])}</span>{chance}'
    row = [f"{escape(name)} {escape(value)}" for name, value in list(sample.get("row", {}).items())[:MAX_COLUMNS]]
    values = f'<div class="dim">{"; ".join(row)}</div>' if row else ""
    return (
        f'<div class="card">{tag}<div>truth {escape(sample["truth"])}</div><div>answer {answer}</div>'
        f'{values}<div class="dim">{escape(sample["place"])}</div></div>'
    )
