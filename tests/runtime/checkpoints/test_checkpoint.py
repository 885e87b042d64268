import json
import shutil
from pathlib import Path

import pytest
import torch

from engine.errors import RunProblem
from engine.project import durable
from engine.runs.generations import seal
from engine.runtime.checkpoints import checkpoint
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.manifest import CheckpointMetadata
from tests.fault import sweep

NUMBERS = {
    "nan": float("nan"),
    "inf": float("inf"),
    "down": float("-inf"),
    "third": 1 / 3,
    "list": [1, 2.5, None, "text"],
}


def metadata(step: int) -> CheckpointMetadata:
    """All metadata of a manifest, with numbers that JSON lacks where torch might put them."""
    return {
        "began": 1.5,
        "epochs": 3,
        "threads": 1,
        "graph_hash": "a",
        "project_hash": "b",
        "versions": {"torch": "2"},
        "device": "cpu",
        "machine": "some",
        "offsets": {"events": 10, "losses": 20},
        "unreported": [0.5, float("nan")],
        "position": {
            "step": step,
            "epoch": 1,
            "batch": 0,
            "metrics": {"val_loss": float("inf")},
            "best": {},
            "best_epoch": None,
            "best_step": None,
            "is_over": False,
            "seconds": 0.25,
        },
        "optimizer": {"groups": [{"lr": 0.1, "numbers": NUMBERS}], "scalars": {"fc.weight": {"step": step}}},
        "pace": {"length": None, "moved": step, "schedule": NUMBERS},
        "early_stop": {"best": float("-inf"), "waited": 2},
        "figures": {"bare": True, "rows": 4, "kept": 5, "measured": 6, "sums": {"loss": 1 / 3}},
    }


def checkpoint_at(step: int) -> Checkpoint:
    generator = torch.Generator().manual_seed(step)
    weights = {"fc.weight": torch.randn(3, 4, generator=generator), "seen": torch.tensor(step)}
    training = {
        "optimizer/fc.weight/exp_avg": torch.randn(3, 4, generator=generator),
        "random/cpu": torch.get_rng_state(),
    }
    return Checkpoint(step, weights, training, metadata(step))


def alike(one: Checkpoint, other: Checkpoint) -> bool:
    tensors = ((one.weights, other.weights), (one.training, other.training))
    equal = all(a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a) for a, b in tensors)
    return equal and repr(one.metadata) == repr(other.metadata) and one.step == other.step


def test_a_checkpoint_reads_back_to_the_bit(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, checkpoint_at(7))
    assert alike(checkpoint.newest(tmp_path), checkpoint_at(7))
    assert set(checkpoint_at(7).part("optimizer")) == {"fc.weight/exp_avg"}


def test_a_generation_is_never_written_twice(tmp_path: Path) -> None:
    assert checkpoint.save(tmp_path, checkpoint_at(7))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "7").iterdir()}
    assert not checkpoint.save(tmp_path, checkpoint_at(7))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "7").iterdir()} == before


HARMS = [
    *(
        (name, harm)
        for name in (checkpoint.WEIGHTS, checkpoint.TRAINING)
        for harm in ("cut", "changed", "gone", "empty")
    ),
    *((checkpoint.MANIFEST, harm) for harm in ("cut", "gone", "empty")),
]


@pytest.mark.parametrize(("name", "harm"), HARMS)
def test_a_harmed_generation_gives_way_to_the_one_before(name: str, harm: str, tmp_path: Path) -> None:
    for step in (5, 10):
        checkpoint.save(tmp_path, checkpoint_at(step))
    path = tmp_path / "10" / name
    blob = path.read_bytes()
    match harm:
        case "cut":
            path.write_bytes(blob[:-7])
        case "changed":
            path.write_bytes(blob[:-9] + bytes([blob[-9] ^ 1]) + blob[-8:])
        case "gone":
            path.unlink()
        case _:
            path.write_bytes(b"")
    assert alike(checkpoint.newest(tmp_path), checkpoint_at(5))
    assert checkpoint.save(tmp_path, checkpoint_at(10))
    assert alike(checkpoint.newest(tmp_path), checkpoint_at(10))


def test_without_a_whole_generation_the_message_says_what_is_wrong(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, checkpoint_at(3))
    (tmp_path / "3" / checkpoint.WEIGHTS).write_bytes(b"x")
    with pytest.raises(RunProblem, match=r"holds 1 of .* bytes of weights.safetensors"):
        checkpoint.newest(tmp_path)
    with pytest.raises(RunProblem, match="no checkpoint"):
        checkpoint.newest(tmp_path / "none")


def test_pruning_leaves_the_newest_two_and_the_best(tmp_path: Path) -> None:
    for step in (1, 2, 3, 4, 5):
        checkpoint.save(tmp_path, checkpoint_at(step))
    checkpoint.prune(tmp_path, {2})
    assert checkpoint.steps(tmp_path) == [5, 4, 2]


def test_no_fault_of_the_disk_costs_the_last_checkpoint(tmp_path: Path) -> None:
    numbers = iter(range(10_000))

    def prepare() -> Path:
        root = tmp_path / str(next(numbers))
        root.mkdir()
        for step in (1, 2):
            checkpoint.save(root, checkpoint_at(step))
        return root

    def action(root: Path) -> None:
        checkpoint.save(root, checkpoint_at(3))
        checkpoint.prune(root, {1}, at_least=1)

    fired = 0
    for case in sweep(prepare, action):
        fired += case.fired
        saved = checkpoint.newest(case.root)
        assert saved.step in {2, 3}
        assert alike(saved, checkpoint_at(saved.step))
        if case.error is None:
            assert saved.step == 3
        assert alike(checkpoint.read(case.root / "1"), checkpoint_at(1))
    assert fired > 50


ODD = {
    "a key is missing": ("threads", None),
    "a number is text": ("epochs", "three"),
    "a count is negative": ("offsets", {"events": -1, "losses": 0}),
    "a whole is a list": ("position", []),
    "an inner key is missing": ("figures", {"bare": True}),
    "the metadata is empty": ("", None),
}


@pytest.mark.parametrize(("name", "value"), ODD.values(), ids=list(ODD))
def test_a_manifest_that_says_something_odd_gives_way_to_the_generation_before(
    name: str, value: object, tmp_path: Path
) -> None:
    for step in (5, 10):
        checkpoint.save(tmp_path, checkpoint_at(step))
    path = tmp_path / "10" / checkpoint.MANIFEST
    manifest = json.loads(path.read_text())
    if not name:
        manifest["facts"] = value
    elif value is None:
        del manifest["facts"][name]
    else:
        manifest["facts"][name] = value
    path.write_text(json.dumps(seal(manifest)))
    assert alike(checkpoint.newest(tmp_path), checkpoint_at(5))
    with pytest.raises(RunProblem, match="has a manifest that was changed, or comes from another version"):
        checkpoint.read(tmp_path / "10")


def test_a_folder_that_is_swept_away_while_it_is_written_has_vanished(tmp_path: Path, monkeypatch) -> None:
    def made_and_swept(place: Path, fill) -> Path:
        place.mkdir()
        fill(place)
        shutil.rmtree(tmp_path)
        return place

    monkeypatch.setattr(durable, "new_folder", made_and_swept)
    with pytest.raises(RunProblem, match="has vanished"):
        checkpoint.save(tmp_path, checkpoint_at(3))
