"""The report of a run: one whole HTML file, with nothing from outside and no text of a user as markup."""

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.cli import main
from engine.runtime.after_training.evaluate import Choice, evaluation
from engine.runtime.after_training.report.charts import ticks
from engine.runtime.after_training.report.html import report
from tests.training import template, train

VOID = {"meta", "img", "line", "circle", "rect", "br"}


class Page(HTMLParser):
    """The texts and addresses of a page. Raises: ``AssertionError`` where its elements do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(template("digits-mlp"), tmp_path_factory.mktemp("report") / "run").folder


def test_a_report_is_one_file_with_everything_in_it(digits: Path, tmp_path: Path, capfd) -> None:
    file = tmp_path / "report.html"
    assert main(["evaluate", str(digits), "--device", "cpu", "--report", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert page.addresses
    assert all(each.startswith("data:image/png;base64,") for each in page.addresses)
    assert base64.b64decode(page.addresses[0].partition(",")[2]).startswith(b"\x89PNG")
    assert not re.search(r"https?://|@import|<script|url\(", text)
    headings = ("Losses and metrics", "Classes", "Confusion", "Curves", "Worst samples", "Least sure samples")
    assert [each for each in page.texts if each in headings] == list(headings)
    results = evaluation(Choice(digits, device="cpu")).results()
    assert f"{100 * results['metrics']['accuracy']:.2f} %" in page.texts
    assert {each["place"] for each in results["worst"]} <= set(page.texts)
    assert text.count("<svg") == 3


def test_a_name_with_markup_stays_text(digits: Path) -> None:
    results = evaluation(Choice(digits, device="cpu")).results()
    evil = "<img src=x onerror=alert(1)>&"
    results["classes"]["names"][0] = evil
    results["classes"]["classes"][0]["name"] = results["classes"]["curves"][0]["name"] = evil
    results["worst"][0] |= {"place": evil, "truth": evil, "row": {evil: evil}}
    results["metrics"][evil], results["units"][evil], results["note"] = 1.0, evil, evil
    page = Page(report(results, evil))
    assert all(each.startswith("data:") for each in page.addresses)
    assert page.texts.count(evil) >= 6


def test_numbers_have_a_scatter_and_residuals(tmp_path: Path) -> None:
    run = train(template("diabetes-mlp"), tmp_path / "run").folder
    text = report(evaluation(Choice(run, device="cpu")).results(), "diabetes")
    page = Page(text)
    assert {"Truth and answer", "Residuals", "MAE in target"} <= set(page.texts)
    assert text.count("<circle") == 88  # each sample of the validation part


def test_a_run_without_a_truth_has_a_report_too(tmp_path: Path) -> None:
    run = train(template("digits-gan", epochs=1), tmp_path / "run").folder
    results = evaluation(Choice(run, "training", device="cpu")).results()
    page = Page(report(results, "gan"))
    assert results["note"] in page.texts
    assert "Worst samples" not in page.texts


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.2, 0.004), (1e-7, 3e-7), (5, 5), (0, 12_345_678)])
def test_ticks_are_few_round_numbers_within_the_axis(low: float, high: float) -> None:
    marks = ticks(low, high)
    assert 1 <= len(marks) <= 7
    assert all(low - 1e-9 <= each <= high + 1e-9 for each in marks)
    assert marks == sorted(set(marks))
