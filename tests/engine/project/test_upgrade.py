import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileProblem
from engine.graph.model import NO_DATA, Data
from engine.project import file
from engine.project import upgrade as versions  # the module, beside its function
from engine.project.upgrade import VERSION, upgrade, version_of
from tests.strategies import projects


def from_0(raw):
    """An imaginary version 0: blocks were a list, with their names inside."""
    graphs = {graph["name"]: {"nodes": graph["nodes"]} for graph in raw["blocks"]}
    return {key: item for key, item in raw.items() if key != "blocks"} | {"graphs": graphs}


def from_1(raw):
    return raw | {"name": raw.get("name", "").upper()}


STEPS = {0: from_0, 1: from_1}
OLD = {
    "format": "torchloom",
    "version": 0,
    "name": "old",
    "main": "Net",
    "blocks": [{"name": "Net", "nodes": {}}],
    "later": 1,
}


def test_steps_follow_each_other_from_whatever_version():
    new = upgrade(OLD, "it", steps=STEPS, to=2)
    assert (new["version"], new["name"], new["later"]) == (2, "OLD", 1)
    assert new["graphs"] == {"Net": {"nodes": {}}}
    assert upgrade(OLD, "it", steps=STEPS, to=1)["name"] == "old"
    assert upgrade(new | {"version": 1, "name": "x"}, "it", steps=STEPS, to=2)["name"] == "X"


def test_the_original_is_not_changed():
    before = repr(OLD)
    upgrade(OLD, "it", steps=STEPS, to=2)
    assert repr(OLD) == before


def test_a_newer_or_present_version_is_left_alone():
    assert upgrade({"version": 7}, "it", steps=STEPS, to=2) == {"version": 7}
    assert upgrade({"version": VERSION}, "it") == {"version": VERSION}


def test_an_older_file_is_read_as_one_of_this_version(monkeypatch, tmp_path):
    steps = {0: from_0, **versions.STEPS}
    monkeypatch.setattr(file, "upgrade", lambda raw, where: upgrade(raw, where, steps=steps))
    path = tmp_path / "old.loom"
    path.write_text(json.dumps(OLD))
    project = file.read(path)
    assert (project.name, project.version, project.extra) == ("old", VERSION, {"later": 1})
    file.write(path, project)
    monkeypatch.undo()
    assert file.read(path) == project


def test_a_version_without_a_step_is_refused():
    with pytest.raises(FileProblem, match=r"^it has version 0, which is too old to be read\.$"):
        upgrade(OLD, "it")


@pytest.mark.parametrize("version", ["1", True, None, 1.0, -1, []])
def test_a_version_that_is_no_number_is_refused(version):
    with pytest.raises(FileProblem, match="it has the version"):
        version_of({"version": version}, "it")


def test_there_is_a_step_from_every_version_that_was_ever_released():
    assert set(versions.STEPS) == set(range(1, VERSION))


@given(projects(odd=True, version=1), st.sampled_from(("as it is", "no kind", "no data")))
def test_version_1_reads_as_it_did(project, left_out):
    """Everything keeps its meaning, and data that is left out is Digits."""
    if left_out != "as it is":
        project.data = replace(project.data, kind="Digits", params={}) if left_out == "no kind" else Data("Digits")
    raw = json.loads(file.dump(project))
    if left_out == "no kind":
        del raw["data"]["kind"]
    if left_out == "no data":
        del raw["data"]
    read = file.parse(json.dumps(raw), "it")
    project.version = VERSION
    assert file.dump(read) == file.dump(project)
    assert file.content_hash(read) == file.content_hash(project)


@given(projects(version=1))
def test_the_hash_of_a_file_is_known_by_what_version_1_wrote(project):
    content_hash = file.content_hash(project)
    read = file.parse(file.dump(project), "it")
    assert content_hash != file.content_hash(read)
    assert content_hash in file.older_hashes(read)


def test_version_2_without_data_has_none():
    text = '{"format": "torchloom", "version": %d, "main": "Net", "graphs": {"Net": {}}}'
    none, digits = (file.parse(text % version, "it") for version in (2, 1))
    assert none.data == NO_DATA
    assert digits.data == Data("Digits")
    assert '"data"' not in file.dump(none)
    assert file.parse(file.dump(none), "it") == none
