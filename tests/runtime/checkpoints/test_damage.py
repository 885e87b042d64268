"""A run folder that was damaged: each verb gives the answer it gave before, or reports what is wrong in a sentence."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save

from engine.cli import main
from engine.graph.model import SchedulePart
from engine.runs.folder import RunFolder
from engine.runs.generations import seal
from engine.runs.summary import summary
from engine.runtime.checkpoints import checkpoint
from tests.runtime.checkpoints.damage import KINDS, NAMES, damaging, fewer_lines, files, flipped, folder, shortened
from tests.training import template, train

OLDER = "is used instead"


@dataclass(frozen=True)
class Reply:
    """The reply of a verb: its exit code, its answer, and its message to a person."""

    code: int
    answer: object
    message: str


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run, and another one of the same project but for its seed."""
    place = tmp_path_factory.mktemp("runs")
    schedule = SchedulePart("CosineAnnealingLR", {}, every="step")
    results = [
        train(template("iris-mlp", epochs=4, batch_size=48, schedule=schedule, seed=seed), place / f"seed-{seed}")
        for seed in (0, 1)
    ]
    preparation = json.loads((results[0].folder / "data.json").read_text())["preparation"]
    names = ",".join(name for name, _ in preparation["columns"])
    (place / "new.csv").write_text(f"{names}\n5.1,3.5,1.4,0.2\n6.2,2.9,4.3,1.3\n")
    return results[0].folder, results[1].folder


def whole(folder: Path) -> str:
    """The hash of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def listing(run: Path, out: str) -> object:
    [each] = json.loads(out)
    return {name: value for name, value in each.items() if name not in ("run", "name", "damage")}


def resumed(run: Path, _out: str) -> object:
    weights = checkpoint.newest(run / "checkpoints").weights
    return (run / "losses.txt").read_text(), {name: value.tolist() for name, value in weights.items()}


VERBS: dict[str, tuple[Callable[[Path], list[str]], Callable[[Path, str], object]]] = {
    "evaluate": (lambda run: ["evaluate", str(run), "--json"], lambda _run, out: json.loads(out)),
    "predict": (
        lambda run: ["predict", str(run), "--input", str(run.parent / "new.csv"), "--json"],
        lambda _run, out: json.loads(out),
    ),
    "code": (
        lambda run: ["export", str(run), "--to", "code", "-o", str(run.parent / "out")],
        lambda run, _: whole(run.parent / "out"),
    ),
    "weights": (
        lambda run: ["export", str(run), "--to", "safetensors", "-o", str(run.parent / "w.safetensors")],
        lambda run, _: (run.parent / "w.safetensors").read_bytes(),
    ),
    "runs": (lambda run: ["runs", str(run), "--json"], listing),
    "resume": (lambda run: ["resume", str(run), "--epochs", "5"], resumed),
}


WHOLE: dict[str, Reply] = {}
"""The replies of the verbs about the undamaged run, computed once."""


class Bench:
    """Asks a copy of the run that was damaged, each time in a folder of its own."""

    def __init__(self, runs: tuple[Path, Path], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.run, self.other = runs
        self.place, self.capsys, self.count = place, capsys, 0
        if not WHOLE:
            WHOLE.update({verb: self.ask(verb, lambda _: None) for verb in VERBS})
        assert all(reply.code == 0 and not reply.message for reply in WHOLE.values())

    def ask(self, verb: str, damage: Callable[[Path], object]) -> Reply:
        """The reply of a verb about the damaged copy."""
        self.count += 1
        folder = self.place / str(self.count)
        folder.mkdir()
        run = folder / "run"
        shutil.copytree(self.run, run)
        shutil.copy(self.run.parent / "new.csv", folder)
        damage(run)
        command, answer = VERBS[verb]
        self.capsys.readouterr()
        code = main(command(run))
        output = self.capsys.readouterr()
        text = output.err.strip()
        if verb == "resume":
            text += "".join(line for line in output.out.splitlines() if line.startswith(("warning", "error")))
        result = answer(run, output.out) if code == 0 else None
        if verb == "evaluate" and isinstance(result, dict):
            del result["results"]["run"]  # each copy has a path of its own
        shutil.rmtree(folder, ignore_errors=True)
        return Reply(code, result, text)

    def holds(self, verb: str, damage: Callable[[Path], object]) -> None:
        """The law."""
        reply = self.ask(verb, damage)
        assert reply.code in (0, 1)
        if reply.code:
            assert len(reply.message.splitlines()) == 1
            assert reply.message.startswith("torchloom: ")
            assert len(reply.message) < 1500
        elif reply.answer != WHOLE[verb].answer:
            assert reply.message


@pytest.fixture
def bench(runs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bench:
    return Bench(runs, tmp_path, capsys)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_changes_no_answer_without_a_word(name: str, bench: Bench, full: bool) -> None:
    kinds = [*KINDS.values(), *(map(flipped, range(10, 60)) if full else ())]
    cases = [(verb, kind, which) for which in range(3) for kind in kinds for verb in VERBS]
    damages = [(verb, damaging(bench.run, name, which, kind)) for verb, kind, which in cases]
    there = [(verb, damage) for verb, damage in damages if damage is not None]
    assert there or name == "train.py"
    for verb, damage in there if full else random.Random(name).sample(there, min(9, len(there))):
        bench.holds(verb, damage)


@pytest.mark.timeout(3600)
def test_what_comes_from_another_run_changes_no_answer_without_a_word(bench: Bench, full: bool) -> None:
    cases = [(verb, name) for name in files(bench.run) for verb in VERBS if (bench.other / name).exists()]
    for verb, name in cases if full else random.Random(0).sample(cases, 20):
        bench.holds(verb, lambda copy, name=name: shutil.copy(bench.other / name, copy / name))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("what", ["weights", "manifest", "all of it", "its folder is a file"])
def test_an_answer_of_an_older_checkpoint_comes_with_a_warning(verb: str, what: str, bench: Bench) -> None:
    newest = str(checkpoint.steps(bench.run / "checkpoints")[0])

    def damage(run: Path) -> None:
        place = run / "checkpoints" / newest
        if what == "weights":
            flipped(0)(place / checkpoint.WEIGHTS)
        elif what == "manifest":
            (place / checkpoint.MANIFEST).unlink()
        else:
            shutil.rmtree(place)
        if what == "its folder is a file":
            place.write_text("")

    reply = bench.ask(verb, damage)
    if verb in ("evaluate", "predict", "code", "weights") and reply.code:
        assert f"checkpoints/{newest}" in reply.message  # it has the best weights, and is the only one
        return
    assert reply.code == 0
    assert OLDER in reply.message
    assert newest in reply.message
    if verb == "resume":
        assert reply.answer == WHOLE[verb].answer


@pytest.mark.parametrize("kind", ["gone", "half", "folder", "flipped-0"])
@pytest.mark.parametrize("verb", VERBS)
def test_weights_answer_where_only_what_training_needs_is_damaged(verb: str, kind: str, bench: Bench) -> None:
    damage = damaging(bench.run, "checkpoints/*/training.safetensors", 0, KINDS[kind])
    assert damage is not None
    reply = bench.ask(verb, damage)
    assert reply.code == 0
    assert (OLDER in reply.message) == (verb in ("resume", "runs"))
    assert reply.answer == WHOLE[verb].answer


def forged(run: Path) -> None:
    """Weights of another shape, with all their hashes changed as well."""
    for place in (run / "checkpoints").iterdir():
        weights = {
            name: torch.cat((each, each)) for name, each in load((place / checkpoint.WEIGHTS).read_bytes()).items()
        }
        blob = save(weights)
        (place / checkpoint.WEIGHTS).write_bytes(blob)
        manifest = json.loads((place / checkpoint.MANIFEST).read_text())
        manifest["files"][checkpoint.WEIGHTS] = {"size": len(blob), "sha256": hashlib.sha256(blob).hexdigest()}
        del manifest["sha256"]
        (place / checkpoint.MANIFEST).write_text(json.dumps(seal(manifest)))


@pytest.mark.parametrize("verb", ["evaluate", "predict", "code", "resume"])
def test_weights_that_do_not_fit_are_refused_although_every_hash_is_right(verb: str, bench: Bench) -> None:
    reply = bench.ask(verb, forged)
    assert reply.code == 1
    assert "fit" in reply.message
    assert "size mismatch" in reply.message


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("is_file", [True, False])
def test_without_a_folder_of_checkpoints_every_verb_says_so(verb: str, is_file: bool, bench: Bench) -> None:
    def damage(run: Path) -> None:
        shutil.rmtree(run / "checkpoints")
        if is_file:
            (run / "checkpoints").write_text("")

    reply = bench.ask(verb, damage)
    assert reply.code == (0 if verb == "runs" else 1)
    assert "checkpoints" in reply.message


def test_a_list_of_runs_says_what_is_wrong_with_the_events(bench: Bench, tmp_path: Path) -> None:
    for name, damage, message in (
        ("folder", folder, "it is a folder, not a file"),
        ("gone", Path.unlink, "events.jsonl is missing"),
        ("shorter", shortened, "is cut off"),
        ("lines", fewer_lines, "is shorter than its newest checkpoint records"),
    ):
        run = Path(shutil.copytree(bench.run, tmp_path / name))
        damage(run / "events.jsonl")
        assert message in summary(run).damage
    assert summary(bench.run).damage == ""


def test_events_of_another_run_are_reported(bench: Bench, tmp_path: Path) -> None:
    run = Path(shutil.copytree(bench.run, tmp_path / "run"))
    shutil.copy(bench.other / "events.jsonl", run)
    assert "events.jsonl" in summary(run).damage


def test_a_run_at_work_is_not_looked_at(bench: Bench, tmp_path: Path) -> None:
    run = Path(shutil.copytree(bench.run, tmp_path / "run"))
    (run / "events.jsonl").write_bytes((run / "events.jsonl").read_bytes()[:-40])
    with RunFolder(run).hold():
        assert summary(run).damage == ""
