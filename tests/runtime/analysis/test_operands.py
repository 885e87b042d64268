"""Inputs that do not fit an operation: one sentence with the numbers, instead of torch's."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.catalog.params import Value
from engine.check.rules import graph_problems
from engine.graph.model import Data, Project
from engine.runtime.analysis.analyse import check_project
from tests.analyses import analysis_of, assert_fixed, only, through
from tests.small_projects import node, project


def einsum(equation: str, *fields: str) -> Project:
    """The fields put together by an equation."""
    return project(
        {**dict.fromkeys(fields, "Input"), "sum": node("einsum", equation=equation), "y": "Output"},
        *(f"{field} > sum.operands[{place}]" for place, field in enumerate(fields)), "sum > y",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("equation", "fields", "port", "says"),
    [
        ("bij->bi", ("series", "features"), "operands[1]", "bij->bi has letters for 1 value, but 2 values are wired."),
        ("bi,bj->b", ("series",), "operands[0]", "has letters for 2 values, but 1 value is wired."),
        ("bi->b", ("series",), "operands[0]", "2 letters, bi, for operands[0], which has 3 axes, (N, 12, 6)."),
        ("bijk->b", ("series",), "operands[0]", "4 letters, bijk, for operands[0], which has 3 axes, (N, 12, 6)."),
        ("bij,bi->b", ("series", "features"), "operands[1]",
         "the letter i is 4 in operands[1], (N, 4), but 12 in operands[0]."),
        ("bii->b", ("series",), "operands[0]", "the letter i is 6 in operands[0], (N, 12, 6), but 12 in operands[0]."),
    ],
)  # fmt: skip
def test_letters_that_do_not_fit_name_the_letter_and_the_port(
    equation: str, fields: tuple[str, ...], port: str, says: str
) -> None:
    problem = only(einsum(equation, *fields))

    assert (problem.code, problem.node, problem.port) == ("S005", "sum", port)
    assert says in problem.message


@pytest.mark.parametrize(("equation", "shape"), [("...j->...", ("N", 12)), ("b...->b", ("N",)), ("bij", None)])
def test_letters_that_fit(equation: str, shape: tuple | None) -> None:
    analysis = analysis_of(einsum(equation, "series"))

    assert analysis.problems == ()
    assert shape is None or analysis.nodes["sum"].outputs["output"] == shape


@pytest.mark.parametrize(
    ("equation", "says"),
    [
        ("bi->bq", "has the letter q in its result, but in no value"),
        ("bi->bb", "has a letter twice in its result bb"),
        ("b->b->b", "must be letters, commas, ... and one ->, got 'b->b'"),
        ("b1->b", "must be letters, commas, ... and one ->, got 'b1'"),
        ("....b", "must be letters, commas, ... and one ->, got '....b'"),
        ("bi->b...", "has ... in its result, but in no value"),
        ("", "is empty"),
    ],
)
def test_an_equation_that_means_nothing_is_refused_where_it_is_typed(equation: str, says: str) -> None:
    (problem,) = [each for each in graph_problems(einsum(equation, "series")) if each.code == "P002"]

    assert problem.message == f"sum: equation {says}."


def test_an_axis_that_makes_fewer_parts_is_reported_with_their_number() -> None:
    example = project(
        {"series": "Input", "n1": node("chunk", chunks=5, dim=2), "y": "Output"}, "series > n1", "n1.part_0 > y"
    )
    problem = only(example)

    assert problem.code == "S002"
    assert problem.message == ("n1 (chunk) cannot divide axis 2 of (N, 12, 6) into 5 parts: in parts of 2 it makes 3.")
    assert_fixed(example, problem)


def test_parts_that_do_not_make_up_the_axis() -> None:
    parts = node("split", split_size_or_sections=(1, 2, 4), dim=-1)
    problem = only(project({"series": "Input", "n1": parts, "y": "Output"}, "series > n1", "n1.part_2 > y"))

    assert problem.message == "n1 (split): the parts 1 + 2 + 4 make 7, but axis -1 of (N, 12, 6) has 6."
    assert problem.hint == "Give sizes that make 6 together."


def test_an_output_beyond_the_number_of_parts_is_not_there() -> None:
    example = project({"series": "Input", "n1": node("chunk", chunks=3, dim=1), "y": "Output"},
                      "series > n1", "n1.part_3 > y")  # fmt: skip
    (problem,) = [each for each in graph_problems(example) if each.code == "G003"]

    assert problem.message == "n1 (chunk) has no output part_3; it has part_0, part_1, part_2."


@pytest.mark.parametrize(
    ("example", "code", "says"),
    [
        (through("series", "irfft"), "S002", "n1 (irfft) wants (B, *, F, 2) in input, gets (N, 12, 6)."),
        (through("image", "nms", wires=("features > n1.scores",), features="Input"), "S003", "wants 3 axes, (N, K, 4)"),
        (through("series", node("stft", n_fft=400)), "S007", "which is smaller than the window that slides over it."),
        (through("series", node("topk", k=2, dim=5)), "S003", "axis 5"),
        (through("image", node("ReflectionPad2d", padding=8)), "S007",
         "n1 (ReflectionPad2d) makes a mirrored border of 8 for axis 3 of (N, 1, 8, 8)."),
        (through("image", node("ReflectionPad2d", padding=10**9)), "S007", "a mirrored border of 1000000000"),
        (through("image", node("CircularPad2d", padding=(0, 0, 9, 0))), "S007",
         "makes a wrapped border of 9 for axis 2 of (N, 1, 8, 8)."),
        (through("image", node("ZeroPad2d", padding=-4)), "S007",
         "cuts 8 off axis 3 of (N, 1, 8, 8), so nothing is left."),
        (through("series", node("pad", pad=(7, 0), mode="reflect")), "S007", "a mirrored border of 7 for axis 2"),
        (through("series", node("pad", pad=(1, 1, 1))), "P003", "pad has 3 sizes, which is not two for each axis."),
        (through("series", node("pad", pad=(0, 0, 0, 0, 1, 0))), "S012", "which holds the samples"),
        (through("features", node("pad", pad=(0, 1) * 3)), "P003", "has sizes for 3 axes, but (N, 4) has 2."),
        (through("image", node("Conv2d", padding=9, padding_mode="circular")), "S007", "(N, 1, 8, 8)"),
        (through("features", node("index_select", dim=0), wires=("tokens > n1.index",), tokens="Input"), "S012",
         "picks from axis 0"),
        (through("features", node("index_select", dim=1), wires=("label > n1.index",), label="Input"), "S012",
         "n1 (index_select) gets (N) in index, with an entry for each sample."),
    ],
)  # fmt: skip
def test_a_misfit_is_one_sentence_with_its_numbers(example: Project, code: str, says: str) -> None:
    problem = next(each for each in analysis_of(example).problems if each.severity == "error")

    assert problem.code == code
    assert says in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize("padding", [7, (1, 0, 7, 3)])
def test_borders_that_just_fit(padding: Value) -> None:
    for kind in ("ReflectionPad2d", "CircularPad2d", "ReplicationPad2d"):
        assert analysis_of(through("image", node(kind, padding=padding))).problems == ()


@pytest.mark.parametrize(
    ("kind", "params", "says"),
    [
        ("RReLU", {"lower": 0.5}, "lower, which is 0.5, must not be larger than upper, which is 0.3333333333333333."),
        ("stft", {"n_fft": 4, "win_length": 9}, "win_length, which is 9, must not be larger than n_fft, which is 4."),
        ("Hardtanh", {"min_val": 1.0}, "min_val, which is 1.0, must be less than max_val, which is 1.0."),
    ],
)
def test_bounds_in_the_wrong_order(kind: str, params: dict[str, Value], says: str) -> None:
    (problem,) = graph_problems(through("features", node(kind, **params)))

    assert (problem.code, problem.node) == ("P003", "n1")
    assert problem.message == f"n1 ({kind}): {says}"
    assert graph_problems(through("features", node("RReLU", lower=0.25, upper=0.25))) == ()


SIGNED = {
    "HingeEmbeddingLoss": ("x > loss.input",),
    "SoftMarginLoss": ("x > loss.input",),
    "HingeLoss": ("x > loss.input",),
    "CosineEmbeddingLoss": ("x > loss.input1", "x > loss.input2"),
    "MarginRankingLoss": ("x > loss.input1", "x > loss.input2"),
}


def signed(kind: str, folder: Path, values: list[float]) -> Project:
    """A loss whose targets should be 1 and -1, with these in the data."""
    one = () if kind == "CosineEmbeddingLoss" else (1,)
    count = 12
    np.savez(folder / "data.npz", x=np.random.default_rng(0).normal(size=(count, 3)).astype("f4"),
             t=np.resize(np.array(values, "f4"), (count, *one)))  # fmt: skip
    width = 3 if kind == "CosineEmbeddingLoss" else 1
    example = project(
        {"x": node("Input"), "fc": node("Linear", out_features=width), "t": "Input", "loss": kind},
        "x > fc", *(wire.replace("x >", "fc >") for wire in SIGNED[kind]), "t > loss.target",
    )  # fmt: skip
    example.data = Data("Npz", {"path": "data.npz"})
    return example


@pytest.mark.parametrize("kind", SIGNED)
def test_targets_that_are_not_1_and_minus_1_are_reported(kind: str, tmp_path: Path) -> None:
    def messages(*values: float) -> list[str]:
        report = check_project(signed(kind, tmp_path, list(values)), tmp_path)
        return [problem.message for problem in report.problems if problem.code == "S017"]

    assert messages(1, -1) == []
    assert messages(0, 1) == [f"loss ({kind}) wants 1 or -1 in target, but t goes from 0 to 1."]
    assert len(messages(0, 5)) == 1


def test_a_transformer_with_its_steps_first_reports_its_axes_without_a_warning() -> None:
    example = through("series", node("Transformer", nhead=2, num_encoder_layers=1, num_decoder_layers=1),
                      wires=("series > n1.tgt",))  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        problem = only(example)
    assert problem.code == "S008"
    assert_fixed(example, problem)


def test_a_transformer_takes_a_mask_whose_numbers_it_looks_at() -> None:
    translator = node("Transformer", nhead=2, num_encoder_layers=1, num_decoder_layers=1, batch_first=True)
    wires = ("series > n1.tgt", "series > mask", "mask > n1.tgt_mask")

    assert analysis_of(through("series", translator, wires=wires, mask="causal_mask")).problems == ()
