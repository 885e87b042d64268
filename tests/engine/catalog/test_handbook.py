"""The handbook has everything in the catalogue, and the pages in docs/ are up to date."""

from engine.catalog.data.datasets import datasets
from engine.catalog.data.transforms import transforms
from engine.catalog.doc_pages import left_out
from engine.catalog.doc_pages.pages import data_book, handbook
from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from tests.project_files import ROOT

DOCS = ROOT / "docs"


def test_the_page_in_the_docs_is_what_the_catalogue_says() -> None:
    text = (DOCS / "layers.md").read_text(encoding="utf-8")
    assert text == handbook(), "run: python -m engine.catalog.doc_pages > docs/layers.md"
    text = (DOCS / "data.md").read_text(encoding="utf-8")
    assert text == data_book(), "run: python -m engine.catalog.doc_pages data > docs/data.md"


def test_every_entry_and_parameter_has_its_place() -> None:
    pages = [*handbook().split("\n### "), *data_book().split("\n### ")]
    sections = {section.partition("\n")[0]: section for section in pages}
    rules = (*OPTIMIZERS.values(), *SCHEDULES.values(), *transforms().values())
    for entry in (*layers().values(), *rules, *datasets().values()):
        section = sections[entry.kind]
        assert entry.summary in section
        for param in entry.params:
            assert f"| `{param.name}` |" in section
            assert param.help in section


def test_every_field_of_the_data_is_reported_with_its_shape() -> None:
    sections = {section.partition("\n")[0]: section for section in data_book().split("\n### ")}
    for kind, entry in datasets().items():
        lines = [line for line in sections[kind].splitlines() if line.startswith("- `")]
        assert [line.split("`")[1] for line in lines] == [field.name for field in entry.fields]
    assert "- `image` (B, 1, 8, 8), image, float32: Brightness, in [0, 1]." in sections["Digits"]
    assert "- `label` (B), label, whole numbers: The class number, from 0." in sections["Digits"]


def test_what_is_left_out_is_listed_with_its_reason() -> None:
    closing = handbook().partition("## Not here, and why")[2]
    for table in (left_out.MODULES, left_out.OPTIMIZERS, left_out.SCHEDULES):
        for name, reason in table.items():
            line = next(
                line for line in closing.splitlines() if name in line.partition(":")[0].replace(",", "").split()
            )
            assert line.endswith(f": {reason}.")


def test_tables_have_as_many_cells_in_every_row() -> None:
    rows = [line for page in (handbook(), data_book()) for line in page.splitlines() if line.startswith("| `")]
    assert rows
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}
