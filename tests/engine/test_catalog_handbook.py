"""The handbook tells all that the catalogue holds, and the page in docs/ is up to date."""

from pathlib import Path

from engine.catalog import left_out
from engine.catalog.handbook import handbook
from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES

PAGE = Path(__file__).parents[2] / "docs" / "layers.md"


def test_the_page_in_the_docs_is_what_the_catalogue_says() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == handbook(), "run: python -m engine.catalog.handbook > docs/layers.md"


def test_every_entry_and_parameter_has_its_place() -> None:
    sections = {section.partition("\n")[0]: section for section in handbook().split("\n### ")}
    for entry in (*layers().values(), *OPTIMIZERS.values(), *SCHEDULES.values()):
        section = sections[entry.kind]
        assert entry.summary in section
        for param in entry.params:
            assert f"| `{param.name}` |" in section
            assert param.help in section


def test_what_is_left_out_is_told_with_its_reason() -> None:
    closing = handbook().partition("## Not here, and why")[2]
    for table in (left_out.MODULES, left_out.OPTIMIZERS, left_out.SCHEDULES):
        for name, reason in table.items():
            line = next(
                line for line in closing.splitlines() if name in line.partition(":")[0].replace(",", "").split()
            )
            assert line.endswith(f": {reason}.")


def test_tables_have_as_many_cells_in_every_row() -> None:
    rows = [line for line in handbook().splitlines() if line.startswith("| `")]
    assert rows
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}
