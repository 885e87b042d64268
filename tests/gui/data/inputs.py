"""Inputs of the tests of the data page: answers of the worker, files, and edits in its forms."""

import base64
import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.catalog.data.field_kinds import guessed_kind
from engine.protocol.answers import DataSummed, SamplesShown

WAIT = 60_000
GOOD = "age,kind\n" + "1,cat\n2,dog\n" * 24


def touch(path: Path, text: str) -> None:
    """Change a file and its time, however coarse the clock of the disk is."""
    before = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))


def summary(fields=None, classes=None, **more) -> DataSummed:
    raw_summary = {
        "rows": 100,
        "parts": {"training": 80, "validation": 20, "test": 0},
        "classes": {"label": [{"name": "cat", "training": 50, "validation": 10, "test": 0}]}
        if classes is None
        else classes,
        "fields": fields or {"image": field([1, 2, 2]), "label": field([], "int64")},
        "columns": [],
        "table": [],
        "values": {},
        "after": {},
        "order": "file",
        "missing": {},
        "dropped": 0,
        "sources": [],
        "read": {
            "samples": 100,
            "fields": {},
            "classes": {},
            "columns": {},
            "left_out": [],
            "scaled": [],
            "guesses": [],
        },
    }
    return DataSummed(1, {**raw_summary, **more})


def field(shape, dtype="float32") -> dict:
    element = "float" if dtype == "float32" else "int" if shape else "class"
    kind = guessed_kind(len(shape), element)
    return {"kind": kind, "shape": shape, "dtype": dtype, "min": 0.0, "max": 1.0, "mean": 0.5}


def picture(*values: int) -> dict:
    return {"image": {"height": 2, "width": 2, "channels": 1, "bytes": base64.b64encode(bytes(values)).decode()}}


def cats(count: int) -> SamplesShown:
    """Samples with a picture of a cat."""
    fields = {"image": picture(0, 9, 9, 0), "label": {"class": "cat"}}
    return SamplesShown(1, [{"row": at, "place": f"file.npz {at}", "fields": fields} for at in range(count)])


def enter(form, name: str, text: str) -> None:
    line = form.rows[name].editor.field
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def choose_transform(page, kind: str) -> None:
    """Add a transform by the menu, with the mouse."""
    transforms = page.settings.transforms
    action = next(each for each in transforms.menu.actions() if each.data() == kind)
    page._form.ensureWidgetVisible(transforms.add)
    transforms.menu.popup(transforms.add.mapToGlobal(transforms.add.rect().bottomLeft()))
    QTest.mouseClick(transforms.menu, Qt.MouseButton.LeftButton, pos=transforms.menu.actionGeometry(action).center())


def choose(combo, text: str) -> None:
    at = combo.findText(text)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)
