"""The guide is true: its commands, run in its order, print what it shows. Fractions may differ, words may not."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.cli import main

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
# What a reader does in a section: fenced blocks, and `torchloom new` within a sentence.
STEPS = re.compile(r"^```(\w*)\n(.*?)^```$|`(torchloom new [^`\n]+)`", re.MULTILINE | re.DOTALL)
DATA = re.compile(r'"data": \{\s+"kind": ("\w+"),\s+"params": (\{.*?\})', re.DOTALL)
MAY_DIFFER = re.compile(r"\d+\.\d+|(?<=best \(epoch )\d+")
NOT_AT_HAND = "runs/rents"  # trained on a table that the guide does not make


class Reader:
    """Does what a section says, in a folder of its own; ``comparisons`` are the commands with compared output."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.project = folder
        self.comparisons: list[str] = []

    def follow(self, title: str, scores: int | None = None) -> None:
        """``scores``: what the text asks to set ``out_features`` of ``head`` to before the training."""
        for language, block, new in STEPS.findall(section(title)):
            if language == "python":
                subprocess.run([sys.executable, "-c", block], cwd=self.folder, check=True)
            elif data := DATA.search(block):
                kind, params = map(json.loads, data.groups())
                self.edit(lambda form, kind=kind, params=params: form["data"].update(kind=kind, params=params))
            for command, lines in commands(new or block):
                if scores is not None and command.startswith("torchloom train"):
                    self.edit(lambda form: form["graphs"]["Net"]["nodes"]["head"]["params"].update(out_features=scores))
                self.enter(command, lines)

    def edit(self, change) -> None:
        form = json.loads(self.project.read_text(encoding="utf-8"))
        change(form)
        self.project.write_text(json.dumps(form), encoding="utf-8")

    def enter(self, command: str, lines: list[str]) -> None:
        program, *words = shlex.split(command)
        if program == "cat":
            (self.folder / words[0]).write_text("\n".join(lines) + "\n", encoding="utf-8")
        if program != "torchloom" or NOT_AT_HAND in words:
            return
        if words[0] == "new":
            self.project = self.folder / words[-1]
        assert main(words) == 0, command
        output = self.capsys.readouterr()
        printed = (output.out + output.err).splitlines()
        if words[0] == "runs":  # those that start within a second are in no order
            printed, lines = sorted(printed), sorted(lines)
        for group in groups(lines):
            assert plain(group) in plain(printed), command
            self.comparisons.append(command)


def section(title: str) -> str:
    return GUIDE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a block with the lines below it."""
    prompt = r"^\$ " if block.startswith("$ ") else r"^(?=torchloom )"
    for entered in re.split(prompt, block, flags=re.MULTILINE)[1:]:
        command, *lines = entered.splitlines()
        yield command, lines


def groups(lines: list[str]) -> list[list[str]]:
    """The lines between the marks of what is left out."""
    parts = "\n".join(lines).split("[...]")
    return [part.strip("\n").split("\n") for part in parts if part.strip()]


def plain(lines: list[str]) -> str:
    """Lines without the fractions and the widths of columns, which the machine decides."""
    return "\n" + "".join(f"{' '.join(MAY_DIFFER.sub('#', line).split())}\n" for line in lines)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Reader:
    monkeypatch.chdir(tmp_path)
    return Reader(tmp_path, capsys)


def test_the_tour_of_a_template_prints_what_the_guide_shows(reader: Reader):
    reader.follow("Look at a template")
    reader.follow("Change it")

    assert {command.split()[1] for command in reader.comparisons} == {"check", "code", "train", "runs"}


def test_the_tour_of_a_table_prints_what_the_guide_shows(reader: Reader):
    reader.follow("Your own table", scores=2)
    reader.follow("Export the code")

    assert {command.split()[1] for command in reader.comparisons} == {"check", "train", "predict"}
    assert (reader.folder / "melons-program" / "train.py").exists()


def test_the_tour_of_images_prints_what_the_guide_shows(reader: Reader):
    reader.follow("Your own images", scores=2)

    assert {command.split()[1] for command in reader.comparisons} == {"train", "predict"}


def test_the_tour_of_several_networks_prints_what_the_guide_shows(reader: Reader):
    reader.follow("Several networks at once")

    assert {command.split()[1] for command in reader.comparisons} == {"train", "generate"}
    assert (reader.folder / "digits.png").exists()
