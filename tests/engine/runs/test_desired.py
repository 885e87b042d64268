"""Requests to a run, by its file."""

import pytest

from engine.errors import RunProblem
from engine.runs.desired import Desired, Watch, read_desired, write_desired


def test_a_request_survives_its_file(run):
    assert read_desired(run.desired) == Desired()
    write_desired(run.desired, Desired("pause", ("stem.conv1",)))
    assert read_desired(run.desired) == Desired("pause", ("stem.conv1",))
    assert b'"version":1' in run.desired.read_bytes()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"state": "fly"}', b'{"xray": 3}', b"[]", b"\xff", b"[" * 100_000])
def test_a_request_that_cannot_be_read_is_reported_and_changes_nothing(run, damage):
    watch = Watch(run.desired)
    write_desired(run.desired, Desired("pause"))
    assert watch.look().state == "pause"
    run.desired.write_bytes(damage)
    assert watch.look().state == "pause"
    with pytest.raises(RunProblem, match=r"desired\.json cannot be read"):
        read_desired(run.desired)
    write_desired(run.desired, Desired("stop"))
    assert watch.look().state == "stop"


def test_fields_of_a_newer_version_are_skipped(run):
    run.desired.write_text('{"version": 2, "state": "stop", "xray": ["a"], "speed": 3}')
    assert read_desired(run.desired) == Desired("stop", ("a",), 2)


def test_watching_reads_only_what_has_changed(run, monkeypatch):
    watch = Watch(run.desired)
    reads = []
    real = read_desired

    def counting(path):
        reads.append(path)
        return real(path)

    monkeypatch.setattr("engine.runs.desired.read_desired", counting)
    for _ in range(100):
        assert watch.look() == Desired()
    write_desired(run.desired, Desired("stop"))
    for _ in range(100):
        assert watch.look().state == "stop"
    assert len(reads) == 2
    run.desired.unlink()
    assert watch.look() == Desired()


def test_two_requests_of_equal_length_in_one_moment_are_distinguished(run):
    watch = Watch(run.desired)
    for node in "abcdefgh":
        write_desired(run.desired, Desired("run", (node,)))
        assert watch.look().xray == (node,)
