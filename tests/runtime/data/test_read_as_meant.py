"""Tables as other programs write them: what check and train report of each, and which setting decides a guess."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from engine.catalog.params import Value
from engine.cli import main
from engine.graph.model import Data, Part, Project
from engine.project import file as files
from engine.runtime.analysis.analyse import check_project
from tests.array_networks import linear, network

ROWS = 60
W = [at * 37 % 41 for at in range(ROWS)]
H = [at * 29 % 31 for at in range(ROWS)]
OK = ["ab"[at * 7 % 3 == 0] for at in range(ROWS)]
BIT = [at * 7 % 3 % 2 for at in range(ROWS)]
STARTS = ("Data:", "Left out:", "Changed while reading:", "warning ", "error ")


@dataclass(frozen=True)
class Case:
    """A table, the settings to read it with, and what is right.

    ``lines``: the lines about the data. ``warned``: what the one warning holds; ``fix``: the settings after its click.
    """

    text: str | bytes
    lines: Sequence[str]
    warned: Sequence[str] = ()
    fix: Mapping[str, Value] = field(default_factory=dict)
    params: Mapping[str, Value] = field(default_factory=lambda: {"target": "ok"})
    scores: int = 2
    name: str = "data.csv"


def table(head: str, *columns: Sequence[object], separator: str = ",") -> str:
    rows = (separator.join(map(str, row)) for row in zip(*columns, strict=True))
    return "".join(f"{line}\n" for line in ([head] if head else []) + list(rows))


def put(values: Sequence[object], places: Sequence[int], mark: object) -> list[object]:
    return [mark if at in places else value for at, value in enumerate(values)]


A_AND_B = f"Data: 60 samples; 2 classes of label: a ({OK.count('a')}), b ({OK.count('b')})."
ZEROS_AND_ONES = f"Data: 60 samples; 2 classes of label: 0 ({BIT.count(0)}), 1 ({BIT.count(1)})."
TWO_NUMBERS = "3 columns: number: w, h; target: ok."
PLAIN = table("w,h,ok", W, H, OK)
CASES: dict[str, Case] = {
    "a decimal comma makes numbers": Case(
        table("temp;hum;ok", [f"{18 + at % 12},5" for at in range(ROWS)], H, OK, separator=";"),
        [A_AND_B, "3 columns: number (decimal comma): temp; number: hum; target: ok."],
    ),
    "a text of its own in each row is left out": Case(
        table("case_id,w,ok", [f"case{at:02}" for at in range(ROWS)], W, OK),
        [A_AND_B, "3 columns: number: w; target: ok.", "Left out: case_id (60 different texts in 60 rows)."],
        ["column 'case_id' has a different text in each of the 60 rows", "set its role to category"],
        {"roles": (("case_id", "ignore"),)},
    ),
    "names that are numbers may be a row": Case(
        "5.1,3.5,1\n" + table("", [f"{at % 9}.{at % 7}" for at in range(ROWS)], W, BIT),
        [ZEROS_AND_ONES, "3 columns: number: 5.1, 3.5; target: 1."],
        ["line 1 holds only numbers", "set header to no if it is a row, to yes if it is names"],
        {"header": "no"},
        {"target": "1"},
    ),
    "a counter of the rows may give the answer away": Case(
        table("Id,w,ok", range(1, ROWS + 1), W, sorted(OK)),
        [A_AND_B, "3 columns: number: Id, w; target: ok."],
        ["column 'Id' counts the rows, from 1 to 60, which gives the answer away", "set its role to ignore"],
        {"roles": (("Id", "ignore"),)},
    ),
    "a nameless index is left out where others are chosen": Case(
        table(",w,h,ok", range(ROWS), W, H, OK),
        [A_AND_B, TWO_NUMBERS, "Left out: column 1 without a name, which numbers the rows."],
        params={"target": "ok", "features": ("w", "h")},
    ),
    "ninety towns are a category": Case(
        table("town,h,ok", [f"town{at % 90}" for at in range(360)], H * 6, OK * 6),
        [
            f"Data: 360 samples; 2 classes of label: a ({6 * OK.count('a')}), b ({6 * OK.count('b')}).",
            "3 columns: category of 90: town; number: h; target: ok.",
        ],
        ["column 'town' has 90 categories", "set its role to ignore"],
        {"roles": (("town", "category"),)},
    ),
    "dashes among numbers are gaps that a mean fills": Case(
        table("w,h,ok", put(W, range(4, 60, 10), "-"), H, OK),
        [A_AND_B, TWO_NUMBERS, "Changed while reading: 6 gaps filled with means (in w)."],
        ["column 'w' holds 54 numbers and 6 texts, '-' in line 6, read as missing values"],
        {"roles": (("w", "number"),)},
        {"target": "ok", "missing": "mean"},
    ),
    "a number among sizes is a category": Case(
        table("size,w,ok", ["S", "M", "L", "42"] * 15, W, OK),
        [A_AND_B, "3 columns: category of 4: size; number: w; target: ok."],
        ["column 'size' holds 45 texts and 15 numbers, and is read as a category", "set its role to number"],
        {"roles": (("size", "category"),)},
    ),
    "a packed table is read": Case(gzip.compress(PLAIN.encode()), [A_AND_B, TWO_NUMBERS], name="data.csv.gz"),
    "Western European letters are read": Case(
        table("größe,h,ok", W, H, ["bitter", "süß"] * 30).encode("latin-1"),
        ["Data: 60 samples; 2 classes of label: bitter (30), süß (30).", "3 columns: number: größe, h; target: ok."],
        ["line 1: byte 0xf6 is not UTF-8 text", "Windows-1252", "set encoding", "'CSV UTF-8'"],
        {"encoding": "cp1252"},
    ),
    "comments above the names are left out": Case(
        f"# measured in May\n# by the station\n{PLAIN}",
        [A_AND_B, TWO_NUMBERS, "Left out: lines 1 to 2, which are comments."],
    ),
    "a space before a quotation mark is skipped": Case(
        table("name, land, ok", [f'"run {at % 7}"' for at in range(ROWS)], [' "A, B"'] * ROWS, [f" {ok}" for ok in OK]),
        [A_AND_B, "3 columns: category of 7: name; category of 1: land; target: ok."],
    ),
    "labels keep their leading zeros": Case(
        table("w,code", W, ["007", "012", "100"] * 20),
        ["Data: 60 samples; 3 classes of label: 007 (20), 012 (20), 100 (20).", "2 columns: number: w; target: code."],
        params={"target": "code"},
        scores=3,
    ),
    "a numeric target stays one beside a mark": Case(
        table("w,h,price", W, H, put([100 + at * 13 % 97 for at in range(ROWS)], [7], "None")),
        [
            "Data: 59 samples.",
            "3 columns: number: w, h; target: price.",
            "Left out: 1 of 60 rows with a missing value (in price).",
        ],
        ["column 'price' holds 59 numbers and 1 text, 'None' in line 9, read as a missing value"],
        {"roles": (("price", "number"),)},
        {"target": "price", "missing": "drop"},
        scores=1,
    ),
}


def example(place: Path, case: Case) -> Project:
    (place / case.name).write_bytes(case.text if isinstance(case.text, bytes) else case.text.encode())
    loss, answer = ("MSELoss", "target") if case.scores == 1 else ("CrossEntropyLoss", "label")
    project = network(loss, answer, linear(case.scores), field="features")
    project.training = replace(project.training, epochs=1, threads=1, device="cpu")
    data = Data("Csv", {"path": case.name, **case.params}, transforms=(Part("Normalize", {"field": "features"}),))
    return replace(project, data=data)


def printed_lines(capfd: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    """The lines of the last command about the data, and its problems."""
    lines = [line for text in capfd.readouterr() for line in text.splitlines()]
    data = [line for line in lines if line.startswith(STARTS[:3]) or " columns: " in line]
    return data, [line for line in lines if line.startswith(STARTS[3:])]


@pytest.mark.parametrize("name", CASES)
def test_check_and_train_say_alike_what_was_read_and_guessed(name: str, tmp_path: Path, capfd) -> None:
    case = CASES[name]
    files.write(tmp_path / "p.loom", example(tmp_path, case))
    for command in (["check"], ["train", "--run", str(tmp_path / "run")]):
        assert main([*command, str(tmp_path / "p.loom")]) == 0
        lines, problems = printed_lines(capfd)
        assert lines == case.lines
        warned = [line for line in problems if not line.startswith("warning D111")]  # large numbers are another matter
        assert len(warned) == bool(case.warned)
        for line in warned:
            assert line.startswith("warning D112 ")
            assert case.name in line
            assert [part for part in case.warned if part not in line] == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.warned])
def test_one_click_writes_the_setting_that_the_warning_names(name: str, tmp_path: Path) -> None:
    project = example(tmp_path, CASES[name])
    before = dict(project.data.params)
    (guess,) = (each for each in check_project(project, tmp_path).problems if each.code == "D112")
    assert guess.fix is not None
    guess.fix.edit.apply(project)
    assert project.data.params == {**before, **CASES[name].fix}
    assert all(setting in guess.hint for setting in CASES[name].fix)
    assert not any(each.code == "D112" for each in check_project(project, tmp_path).problems)


REFUSALS: dict[str, tuple[Case, str]] = {
    "rows alone have no names": (
        Case(table("", [0] * ROWS, [0] * ROWS, W, BIT), (), params={"target": "label"}),
        (
            "error D001 data.csv, line 1 is read as a row, so no line names the columns, which are called column_1, "
            "column_2, column_3, column_4; there is no column 'label'. "
            "Choose one of these; or write a line with a name for each column above the rows."
        ),
    ),
    "many whole numbers are a quantity until they are called classes": (
        Case(table("w,h,letter", W * 9, H * 9, [at % 26 for at in range(540)]), (), params={"target": "letter"}),
        (
            "error D107 answer: answer reads the field label, which the data does not have; Csv has features, target. "
            "letter holds 26 whole numbers, read as a number to predict. Set task to classification."
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_names_the_cause_and_the_way_out(name: str, tmp_path: Path, capfd, monkeypatch) -> None:
    case, message = REFUSALS[name]
    files.write(tmp_path / "p.loom", example(tmp_path, case))
    monkeypatch.chdir(tmp_path)
    assert main(["check", "p.loom"]) == 1
    assert printed_lines(capfd)[1] == [message]
