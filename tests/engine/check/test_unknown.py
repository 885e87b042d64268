"""Unknown fields at every place of a file that has fields."""

import copy
import json
from collections.abc import Iterator

import pytest

from engine.check.rules import instant_problems
from engine.errors import FileProblem
from engine.project import file
from tests.project_files import ROOT

NAMES = {"graphs", "nodes", "params", "init", "parametrize"}
"""Objects whose keys are names that the user chooses."""

LATER = [
    ("training.optimizer", "for", "matrices"),
    ("training.clip", "kind", "AGC"),
    ("training.phases[0].clip", "kind", "AGC"),
]
"""Fields without which training would differ."""

LISTS = [
    ("training", "clip"), ("training.phases[0]", "clip"),
]  # fmt: skip


def complete() -> dict:
    """A file with an object at each place that can hold one."""
    raw = json.loads((ROOT / "resources/templates/digits-gan.loom").read_text())
    parts = {
        "optimizer": {"kind": "Adam"}, "schedule": {"kind": "StepLR", "every": "epoch"}, "clip": {"by": "norm"},
        "l1": 0.0, "l2": 0.0,
    }  # fmt: skip
    raw["training"] |= parts | {
        "early_stop": {"watch": "val_mae"}, "best": {"watch": "val_mae"}, "average": {"kind": "EMA"},
    }  # fmt: skip
    lists = {
        "optimizer": [{"kind": "Adam"}, {"kind": "Muon", "for": "matrices"}],
        "schedule": [{"kind": "ConstantLR", "steps": 2}, {"kind": "StepLR", "every": "step"}],
    }
    raw["training"]["phases"][0] |= copy.deepcopy(parts) | lists | {"times": 1, "epochs": [1, 2]}
    raw["graphs"]["Net"]["nodes"]["gen"] |= {
        "init": {"fc1.weight": {"kind": "zeros_"}}, "parametrize": {"fc1.weight": {"kind": "weight_norm"}},
        "weights": {"path": "a.safetensors", "prefix": ""}, "follows": {"node": "disc_real", "every": 1},
        "frozen": True, "lr_scale": 1.0, "decay": False,
    }  # fmt: skip
    raw["data"]["transforms"] = [{"kind": "Scale", "params": {"field": "image"}}]
    return raw


def objects(raw: object, place: str = "") -> Iterator[tuple[str, dict]]:
    """Each object that holds fields, with its path in the file."""
    if isinstance(raw, list):
        for index, item in enumerate(raw):
            yield from objects(item, f"{place}[{index}]")
    elif isinstance(raw, dict):
        if place.rpartition(".")[2] not in NAMES:
            yield place, raw
        for name, item in raw.items():
            if name not in ("params", "frames", "notes"):
                yield from objects(item, f"{place}.{name}".lstrip("."))


def changed(place: str, field: str, value: object) -> dict:
    raw = complete()
    dict(objects(raw))[place][field] = value
    return raw


def read(raw: dict) -> file.Project:
    return file.parse(json.dumps(raw), "it")


PLACES = [place for place, _ in objects(complete())]


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_field_is_reported_with_its_place_and_kept(place: str):
    project = read(changed(place, "wibble", [1]))
    (problem,) = (each for each in instant_problems(project) if "wibble" in each.message)
    assert problem.message.startswith(f"{place}.wibble is unknown".lstrip("."))
    assert problem.severity == "warning"
    assert "Remove it" in problem.hint
    again = json.loads(file.dump(project))
    assert dict(objects(again))[place]["wibble"] == [1]


@pytest.mark.parametrize(("place", "field", "value"), LATER)
def test_a_field_that_would_change_the_training_keeps_it_from_starting(place: str, field: str, value: object):
    raw = changed(place, field, value)
    project = read(raw)
    (problem,) = (each for each in instant_problems(project) if each.code == "T041")
    assert problem.severity == "error"
    assert problem.message.startswith(f"{place}.{field} is unknown")
    assert dict(objects(json.loads(file.dump(project))))[place][field] == value


@pytest.mark.parametrize(("place", "field"), LISTS)
def test_a_list_is_refused_where_this_version_knows_one_object(place: str, field: str):
    with pytest.raises(FileProblem, match=r"must be an object, got a list") as caught:
        read(changed(place, field, [{"kind": "Adam"}]))
    assert f"{place}.{field}" in caught.value.message
    assert "newer Torchloom" in caught.value.hint


@pytest.mark.parametrize(("place", "field"), [(place, field) for place, raw in objects(complete()) for field in raw])
def test_null_is_refused_with_its_place_or_kept_or_means_that_the_field_is_absent(place: str, field: str):
    raw = changed(place, field, None)
    without = copy.deepcopy(raw)
    del dict(objects(without))[place][field]
    message = ""
    try:
        project = read(raw)
    except FileProblem as refusal:
        message = refusal.message
    else:
        is_null = dict(objects(json.loads(file.dump(project)))).get(place, {}).get(field, "") is None
        assert is_null or file.dump(project) == file.dump(read(without))
    assert not message or f"{place}.{field}".lstrip(".") in message


@pytest.mark.parametrize("field", ["optimizer", "learns", "l1", "l2", "epochs"])
def test_null_is_no_setting_of_a_phase(field: str):
    with pytest.raises(FileProblem, match=rf"training\.phases\[0\]\.{field} must be .*, got null") as caught:
        read(changed("training.phases[0]", field, None))
    assert "Leave the field out" in caught.value.hint


@pytest.mark.parametrize("field", ["weights", "follows", "frozen", "lr_scale", "decay"])
def test_null_is_no_setting_of_weights(field: str):
    with pytest.raises(FileProblem, match=rf"nodes\.gen\.{field} must be .*, got null") as caught:
        read(changed("graphs.Net.nodes.gen", field, None))
    assert "Leave the field out" in caught.value.hint
