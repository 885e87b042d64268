"""A table's columns are read alike in training, in prediction and without the app."""

import gzip
import re
from pathlib import Path

import pytest

from engine.graph.model import Data, Project
from engine.runtime.after_training.export import export_project, export_run, preview
from engine.runtime.after_training.predict import predict
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from tests.training import assert_readable, run_script, template, train

ROWS = 60


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """A table in which no column is written plainly."""
    lines = [
        f"{at};{1 + at % 9},5 \u20ac;{1 + at % 28:02}.{1 + at % 12:02}.2024;{['S', 'M', 'L', '42'][at % 4]};"
        f"{'-' if at == 7 else at * 7 % 13};{['007', '012', '100'][at % 3]}"
        for at in range(ROWS)
    ]
    path = tmp_path / "prices.csv"
    path.write_bytes("\n".join(["Prices of 2024", ";price;day;gr\u00f6\u00dfe;w;code", *lines, ""]).encode("cp1252"))
    return path


def project(path: Path, **params: object) -> Project:
    iris = template("iris-mlp", epochs=2)
    iris.data = Data("Csv", {"path": path.name, **params}, transforms=iris.data.transforms)
    return iris


def test_a_table_in_every_notation_trains_exports_and_predicts_alike(prices: Path, tmp_path: Path, monkeypatch) -> None:
    example = project(prices, target="code", missing="mean", roles=(("w", "number"),))
    run = train(example, tmp_path / "run").folder
    losses = (run / "losses.txt").read_text()
    run_script(run, monkeypatch, "--losses", str(tmp_path / "losses.txt"))
    assert losses
    assert (tmp_path / "losses.txt").read_text() == losses
    ask = tmp_path / "ask.csv"
    ask.write_text("w,day,gr\u00f6\u00dfe,price\n3,2024-02-09,42,1234\n", encoding="utf-8")
    answers = predict(run, prices)
    new = predict(run, ask)
    assert len(answers) == ROWS
    assert new[0].label in ("007", "012", "100")
    export_run(run, "code", tmp_path / "out")
    printed = run_script(tmp_path / "out", monkeypatch, str(ask), name="predict.py")
    assert re.search("line 2: (007|012|100)", printed)


def test_a_new_file_is_read_by_the_decisions_of_the_training(prices: Path, tmp_path: Path) -> None:
    run = train(project(prices, target="code", missing="drop"), tmp_path / "run").folder
    ask = tmp_path / "ask.csv"
    ask.write_text("price;day;gr\u00f6\u00dfe;w\n1.234;01.02.2024;M;3\n", encoding="utf-8")
    one = predict(run, ask)
    ask.write_text('price,day,gr\u00f6\u00dfe,w\n"1234,0",01.02.2024,M,3\n', encoding="utf-8")
    assert predict(run, ask) == one
    ask.write_text("price,day,gr\u00f6\u00dfe,w\n12.5,01.02.2024,M,3\n", encoding="utf-8")
    (answer,) = predict(run, ask)
    assert answer.refusal is not None
    assert "'12.5' is not a number" in f"{answer.refusal.reason}"


def test_many_whole_numbers_as_classes_are_one_click_away(tmp_path: Path) -> None:
    lines = [f"{at % 7},{at * 7 % 9},{at % 26}" for at in range(520)]
    (tmp_path / "letters.csv").write_text("\n".join(["w,h,letter", *lines]) + "\n")
    example = project(tmp_path / "letters.csv", target="letter")
    report = check_project(example, tmp_path)
    (problem,) = [each for each in report.problems if each.code == "D107"]
    assert "letter holds 26 whole numbers, read as a number to predict" in problem.message
    assert problem.hint == "Set task to classification."
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert example.data.params["task"] == "classification"
    assert not any(each.code == "D107" for each in check_project(example, tmp_path).problems)


def test_few_whole_numbers_as_a_quantity_are_one_click_away(tmp_path: Path) -> None:
    lines = [f"{at % 7},{at * 7 % 9},{at % 5}" for at in range(60)]
    (tmp_path / "stars.csv").write_text("\n".join(["w,h,stars", *lines]) + "\n")
    example = project(tmp_path / "stars.csv", target="stars")
    for node in example.graphs["Net"].nodes.values():
        if node.params.get("field") == "label":
            node.params["field"] = "target"
    (problem,) = [each for each in check_project(example, tmp_path).problems if each.code == "D107"]
    assert "stars holds 5 different whole numbers, read as classes" in problem.message
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert example.data.params["task"] == "regression"


def test_a_filled_category_holds_zeros_and_a_one(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(text(["w,town,t,day,kind", *MARKS]))
    data = Data("Csv", {"path": "own.csv", "target": "kind", "missing": "mean"})
    loaded = load_data(Project(data=data), tmp_path)
    for _, part in loaded.parts:
        towns = part.fields["features"][:, 1:3]
        assert set(towns.flatten().tolist()) <= {0.0, 1.0}
        assert towns.sum(dim=1).tolist() == [1.0] * len(part)
    assert loaded.whole.missing["town"] == 2 * ROWS // 5


def test_an_export_for_a_workbook_asks_for_the_package(tmp_path: Path, monkeypatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a", "b", "kind"], *([at % 5, at % 7, "xyz"[at % 3]] for at in range(30))):
        book.active.append(row)
    book.save(tmp_path / "own.xlsx")
    example = project(tmp_path / "own.xlsx", target="kind")
    assert re.search("^openpyxl", preview(example, tmp_path)["requirements.txt"], re.MULTILINE)
    export_project(example, tmp_path, tmp_path / "out")
    assert_readable(tmp_path / "out")
    weights = tmp_path / "trained.safetensors"
    options = ("--data", str(tmp_path / "own.xlsx"), "--epochs", "1", "--weights", str(weights))
    assert "epoch 1/1" in run_script(tmp_path / "out", monkeypatch, *options)
    (tmp_path / "plain.csv").write_text("a,b,kind\n" + "".join(f"{at},1,{'xyz'[at % 3]}\n" for at in range(30)))
    assert "openpyxl" not in preview(project(tmp_path / "plain.csv", target="kind"), tmp_path)["requirements.txt"]


def german(end: str) -> list[str]:
    """Names and rows with decimal commas, currencies, thousands, dates, categories and gaps."""
    rows = [
        f"{at % 9};1.{100 + at % 9},5 \u20ac;{1 + at % 28:02}.{1 + at % 12:02}.2024;{'rbg'[at % 3]};"
        f"{'' if at % 11 == 0 else at % 5};{end.format(at * 37 % 101, 'xyz'[at % 3])}"
        for at in range(ROWS)
    ]
    return ["Gr\u00f6\u00dfe;Preis;Tag;Farbe;w;ziel", *rows]


def text(lines: list[str], encoding: str = "utf-8") -> bytes:
    return "".join(f"{line}\n" for line in lines).encode(encoding)


PLAIN = [f"{at % 7},{at * 3 % 5}.5,{'ab'[at % 2]},{'xyz'[at % 3]}" for at in range(ROWS)]
MARKS = [
    f"{at * 7 % 13 if at % 5 else -9},{['Rome', '-', 'Bonn', 'Rome', ''][at % 5]},{at % 24}:{at * 7 % 60:02},"
    f"{1 + at % 28}/{1 + at % 12}/2024,{'xyz'[at % 3]}"
    for at in range(ROWS)
]
DATES = ("3. Feb 2024", "2024-02-04", "05.02.2024 12:30", "6 March 2024")
EVERY = [
    f"{at % 9},5;1.{100 + at % 9},5 \u20ac;{DATES[at % 4]};{at % 24}:{at * 7 % 60:02};"
    f"{'rbg-'[at % 4]};{at * 37 % 101},5 \u20ac"
    for at in range(ROWS)
]
WIDE = [",".join(str(at * place % 251) for place in range(784)) + f",{'xyz'[at % 3]}" for at in range(ROWS)]
KINDS: dict[str, tuple[str, bytes, dict[str, object]]] = {
    "classes": ("own.csv", text(["a,b,c,kind", *PLAIN]), {"target": "kind"}),
    "regression": ("own.csv", text(["a,b,c,kind", *PLAIN]), {"target": "b", "task": "regression"}),
    "no header": ("own.csv", text(PLAIN), {"target": "column_4"}),
    "wide": ("own.csv", text([",".join([*(f"p{place}" for place in range(784)), "kind"]), *WIDE]), {"target": "kind"}),
    "wide without numbers": (
        "own.csv",
        text([",".join([*(f"{place * 7919 % 99991}_x" for place in range(784)), "kind"]), *WIDE]),
        {"target": "kind"},
    ),
    "very wide": (
        "own.csv",
        text(
            [
                ",".join([*(f"{place * 7919 % 99991}_x" for place in range(1568)), "kind"]),
                *(f"{line[:-2]},{line}" for line in WIDE),
            ]
        ),
        {"target": "kind"},
    ),
    "packed": ("own.csv.gz", gzip.compress(text(["a,b,c,kind", *PLAIN])), {"target": "kind"}),
    "german classes": ("own.csv", text(german("{1}"), "cp1252"), {"target": "ziel", "missing": "mean"}),
    "german regression": ("own.csv", text(german("{0},5"), "cp1252"), {"target": "ziel", "missing": "mean"}),
    "percent regression": (
        "own.csv",
        text(["a,b,c,tip", *(f"{line[:-2]},{at % 9}.5 %" for at, line in enumerate(PLAIN))]),
        {"target": "tip"},
    ),
    "spaces": ("own.csv", text([line.replace(",", "  ") for line in ["a,b,c,kind", *PLAIN]]), {"target": "kind"}),
    "marks": ("own.csv", text(["w,town,t,day,kind", *MARKS]), {"target": "kind", "missing": "mean", "marks": ("-9",)}),
    "every notation, regression": (
        "own.csv",
        text(["w;price;day;time;colour;target", "kg;;;;;\u20ac", *EVERY], "cp1252"),
        {"target": "target", "missing": "mean", "task": "regression"},
    ),
    "units": ("own.csv", text(["a,b,c,kind", "kg,cm,,", *PLAIN]), {"target": "kind"}),
    "utf-16 without a mark": ("own.csv", text(["a,b,c,kind", *PLAIN], "utf-16-le"), {"target": "kind"}),
    "latin-1": (
        "own.csv",
        text(["a,gr\u00f6\u00dfe,c,kind", *PLAIN], "latin-1"),
        {"target": "kind", "encoding": "latin-1"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_exported_scripts_are_short_and_do_as_the_app(kind: str, tmp_path: Path, monkeypatch) -> None:
    name, raw, params = KINDS[kind]
    (tmp_path / name).write_bytes(raw)
    base = template("diabetes-mlp" if "regression" in kind else "iris-mlp", epochs=2)
    base.data = Data("Csv", {"path": name, **params}, transforms=base.data.transforms)
    run = train(base, tmp_path / "run").folder
    export_run(run, "code", tmp_path / "out")
    assert_readable(tmp_path / "out")
    losses = tmp_path / "losses.txt"
    run_script(tmp_path / "out", monkeypatch, "--data", str(tmp_path / name), "--losses", str(losses))
    assert losses.read_text() == (run / "losses.txt").read_text() != ""
    answers = [answer for answer in predict(run, tmp_path / name, device="cpu") if not answer.refusal]
    assert answers
    printed = run_script(tmp_path / "out", monkeypatch, str(tmp_path / name), name="predict.py")
    lines = printed.splitlines()
    assert len(lines) == len(answers)
    for line, answer in zip(lines, answers, strict=True):
        assert line == answer.text()
        assert line.startswith(f"{answer.place}: ")
        if not answer.scores:
            assert line.endswith(" %") == (kind == "percent regression")
