"""Files that are not projects: each is refused with one line that names the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileProblem
from engine.graph.json_form.prescan import MAX_BYTES
from engine.graph.model import Project
from engine.project.file import dump, parse, read
from tests.strategies import projects

HEAD = '"version": 1, "name": "digits", "main": "Net"'


def head(fields: str) -> str:
    return f'{{"format": "torchloom", {fields}, "graphs": {{"Net": {{}}}}}}'


def more(fields: str) -> str:
    return head(f"{HEAD}, {fields}")


def net(fields: str) -> str:
    return f'{{"format": "torchloom", {HEAD}, "graphs": {{"Net": {{{fields}}}}}}}'


def with_name(name: str) -> str:
    return net(f'"nodes": {{"{name}": {{"kind": "ReLU"}}}}')


def node(fields: str) -> str:
    return net(f'"nodes": {{"a": {{"kind": "ReLU", {fields}}}}}')


BAD = {
    "empty": ("", "it is empty"),
    "blank": (" \n\n", "it is empty"),
    "text": ("hello", "it, line 1, column 1: 'hello' does not belong here"),
    "list": ("[]", 'it is not a Torchloom project: it lacks "format": "torchloom"'),
    "number": ("3", "not a Torchloom project"),
    "other json": ('{"cells": [], "nbformat": 4}', "not a Torchloom project"),
    "other format": ('{"format": "onnx"}', "not a Torchloom project"),
    "truncated": (
        head(HEAD)[:54],
        "it, line 1, column 55: the file ends inside an object, so its last part is missing",
    ),
    "truncated in a text": (head(HEAD)[:20], "a text that does not end"),
    "no version": (head('"main": "Net"'), "it has no version"),
    "text version": (head('"version": "1", "main": "Net"'), "it has the version '1'"),
    "true version": (head('"version": true, "main": "Net"'), "it has the version True"),
    "negative version": (head('"version": -1, "main": "Net"'), "it has the version -1"),
    "old version": (head('"version": 0, "main": "Net"'), "it has version 0, which is too old"),
    "no main": (head('"version": 1'), "it: The file has no main"),
    "main elsewhere": (head('"version": 1, "main": "Nett"'), "main names Nett, but there is no such graph"),
    "no graphs": ('{"format": "torchloom", "version": 1, "main": "Net"}', "it: The file has no graphs"),
    "graphs a list": (
        '{"format": "torchloom", "version": 1, "main": "Net", "graphs": []}',
        "graphs must be an object, got a list",
    ),
    "graph a number": (head(f'{HEAD}, "x": 1').replace("{}", "3"), "graphs.Net must be an object, got 3"),
    "nodes a list": (net('"nodes": []'), "nodes must be an object, got a list"),
    "node a text": (net('"nodes": {"a": "Conv2d"}'), "nodes.a must be an object, got 'Conv2d'"),
    "no kind": (net('"nodes": {"a": {}}'), "nodes.a has no kind"),
    "kind a number": (net('"nodes": {"a": {"kind": 3}}'), "nodes.a.kind must be text"),
    "pos a text": (node('"pos": ["a", 1]'), "nodes.a.pos[0] must be a finite number, got 'a'"),
    "pos too long": (node('"pos": [1, 2, 3]'), "nodes.a.pos must be two numbers"),
    "params a list": (node('"params": []'), "nodes.a.params must be an object"),
    "value an object": (
        node('"params": {"inplace": {}}'),
        "nodes.a.params.inplace must be a value",
    ),
    "bypass a number": (node('"bypass": 1'), "nodes.a.bypass must be true or false, got 1"),
    "repeat a text": (node('"repeat": "x"'), "nodes.a.repeat must be a whole number"),
    "shares code": (node('"shares": "a()"'), "nodes.a.shares: 'a()' is not a name"),
    "keyword name": (with_name("class"), "nodes: 'class' is not a name"),
    "unicode name": (with_name("\u00e9"), "nodes: '\u00e9' is not a name"),
    "code name": (with_name("x);import os#"), "nodes: 'x);import os#' is not a name"),
    "empty name": (with_name(""), "nodes: '' is not a name"),
    "graph name": (
        '{"format": "torchloom", "version": 1, "main": "N", "graphs": {"a b": {}}}',
        "graphs: 'a b' is not a name",
    ),
    "main code": (head('"version": 1, "main": "Net()"'), "main: 'Net()' is not a name"),
    "wires an object": (net('"wires": {}'), "wires must be a list"),
    "wire a text": (net('"wires": ["a.b"]'), "wires[0] must be a list"),
    "wire of one": (net('"wires": [["a.b"]]'), "wires[0] must be a pair of ends"),
    "wire without port": (net('"wires": [["a", "b.c"]]'), "wires[0][0] must be an end"),
    "wire of numbers": (net('"wires": [[1, 2]]'), "wires[0][0] must be an end"),
    "wire with code": (net('"wires": [["a.b", "c.d[exec()]"]]'), "wires[0][1] must be an end"),
    "points a number": (net('"wires": [["a.b", "c.d", 3]]'), "wires[0][2] must be a list"),
    "note without rect": (net('"notes": [{"text": "x"}]'), "notes[0] has no rect"),
    "name a number": (head('"version": 1, "main": "Net", "name": 3'), "it: name must be text"),
    "epochs a text": (more('"training": {"epochs": "many"}'), "training.epochs must be a whole number, got 'many'"),
    "epochs a fraction": (more('"training": {"epochs": 1.5}'), "training.epochs must be a whole number, got 1.5"),
    "epochs huge": (
        more('"training": {"epochs": 1000000000000000000000}'),
        "training.epochs must be a whole number, got a huge number",
    ),
    "optimizer a text": (more('"training": {"optimizer": "SGD"}'), "training.optimizer must be an object, got 'SGD'"),
    "split a list": (more('"data": {"split": []}'), "data.split must be an object"),
    "data a list": (more('"data": []'), "data must be an object"),
    "clip by": (
        more('"training": {"clip": {"by": "hand"}}'),
        'training.clip.by must be "norm" or "value", got \'hand\'',
    ),
    "duplicate node": (with_name('a": {"kind": "ReLU"},\n "a'), "it, line 2, column 5: the key 'a' occurs twice"),
    "duplicate in disguise": (
        with_name('a": {"kind": "ReLU"},\n "\\u0061'),
        "line 2, column 10: the key 'a' occurs twice",
    ),
    "deep lists": ("[" * 100_000, "it, line 1, column 101: it is nested more than 100 deep"),
    "deep objects": ('{"a":' * 100_000, "it is nested more than 100 deep"),
    "NaN": (more('"x": NaN'), 'NaN is not JSON; write "nan", "inf" or "-inf", in quotes'),
    "minus infinity": (more('\n"x": -Infinity'), "it, line 2, column 6: -Infinity is not JSON"),
    "overflow": (more('"x": 1e999'), "the number 1e999 is too large"),
    "huge integer": (more(f'"x": {"9" * 5000}'), "a number of 5,000 digits"),
    "long text": (more(f'"x": "{"y" * 1_000_001}"'), "a text of 1,000,003 characters"),
    "NUL": ("\0" * 100, "it, line 1, column 1: '\\x00' does not belong here"),
    "NUL in a text": (more('"x": "\0"'), "a text that does not end, or has a line break or control character in it"),
    "lone surrogate": (more('"x": "\\ud800"'), "a text with half a character"),
    "trailing comma": ('{"format": "torchloom",}', "this is not JSON (trailing comma in object)"),
    "missing colon": ('{"format" "torchloom"}', "it, line 1, column 11: this is not JSON (expected ':')"),
    "single quotes": ("{'format': 'torchloom'}", 'it, line 1, column 2: "\'" does not belong here'),
    "two values": (head(HEAD) + "{}", "this is not JSON (trailing characters)"),
    "wrong bracket": ('{"a": [1}', "it, line 1, column 9: this } closes nothing"),
    "python": ("import os\nos.system('true')", "it, line 1, column 1: 'import' does not belong here"),
    "html": ("<html>", "it, line 1, column 1: '<' does not belong here"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_its_place(text, message):
    with pytest.raises(FileProblem) as caught:
        parse(text, "it")
    assert message in caught.value.message
    assert caught.value.message.startswith("it")
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_a_file_that_was_cut_anywhere_is_refused():
    text = dump(Project("cut")).rstrip().encode()
    for length in range(len(text)):
        with pytest.raises(FileProblem):
            parse(text[:length], "it")


@given(st.data(), projects(max_steps=2))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(data, project):
    text = bytearray(dump(project).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        damaged = parse(bytes(text), "it")
    except FileProblem as refused:
        assert refused.message.startswith("it")  # noqa: PT017 - most damages are refused, some do no harm
    else:
        assert dump(parse(dump(damaged), "it")) == dump(damaged)


def test_too_many_nodes_are_refused():
    nodes = ", ".join(f'"n{number}": {{"kind": "ReLU"}}' for number in range(20_001))
    with pytest.raises(FileProblem, match=r"graphs\.Net\.nodes holds 20,001 nodes; at most 20,000"):
        parse(net(f'"nodes": {{{nodes}}}'), "it")


def test_bytes_that_are_not_utf_8_are_refused():
    with pytest.raises(FileProblem, match=r"it is not UTF-8 text: byte 1 cannot be read\.$"):
        parse(b"{\xff}", "it")
    with pytest.raises(FileProblem, match="Save it as UTF-8") as caught:
        parse(head(HEAD).encode("utf-16"), "it")
    assert "not UTF-8" in caught.value.message


def test_a_byte_order_mark_is_ignored():
    assert parse(b"\xef\xbb\xbf" + head(HEAD).encode(), "it") == parse(head(HEAD), "it")


def test_a_lone_surrogate_in_a_str_is_refused_like_any_bad_text():
    with pytest.raises(FileProblem, match="UTF-8"):
        parse('{"x": "\ud800"}', "it")


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "big.loom"
    with path.open("wb") as big:
        big.truncate(MAX_BYTES + 1)
    with pytest.raises(FileProblem, match=r"big\.loom is larger than 32 MiB"):
        read(path)
