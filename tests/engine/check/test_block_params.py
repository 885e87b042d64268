"""The rules of expressions and of the parameters of blocks."""

import time

import pytest

from engine.catalog.expressions import Expression, parse
from engine.check.rules import graph_problems, instant_problems
from engine.graph.block_params import BlockParam
from engine.graph.loops import LoopSettings
from engine.graph.model import Node, Project
from tests.engine.check.rule_problems import after_fix, only, problems_of
from tests.small_projects import graph, node, project


def network(repeat: int = 2, **params: object) -> Project:
    """A block with parameters that are all read, used once, without any problem; ``params``: those of its conv."""
    values = {"out_channels": parse("channels * 2"), "kernel_size": parse("(k, 1)"), "bias": parse("wide")}
    block = graph(
        {"x": "Input", "conv": Node("Conv2d", values | params), "relu": "ReLU", "y": "Output"},
        "x > conv", "conv > relu", "relu > y",
    )  # fmt: skip
    block.nodes["relu"].bypass = parse("channels > 99")
    block.params = {
        "channels": BlockParam("int", 8, min=1, max=512, help="Width."),
        "k": BlockParam("int", 3),
        "wide": BlockParam("flag", True),
    }
    use = Node("Block", {"channels": parse("16 * (index + 1)") if repeat > 1 else 16}, graph="Body", repeat=repeat)
    return project(
        {"image": "Input", "body": use, "y": "Output"}, "image > body.x", "body.y > y", blocks={"Body": block}
    )


def test_a_block_with_parameters_has_no_problem():
    assert instant_problems(network()) == ()
    assert graph_problems(network(1)) == ()


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("channels *", "P010", "conv: groups: 'channels *' cannot be read as an expression.", "Use numbers"),
        ("channels[0]", "P010", "conv: groups: An index in brackets is not allowed in an expression.", "Use numbers"),
        ("__import__('os')", "P010", "conv: groups: The function __import__ is not allowed", "Use numbers"),
        ("chanels * 2", "P007", "conv: groups = chanels * 2 reads chanels, which is no parameter", "mean channels?"),
        ("zorp", "P007", "conv: groups = zorp reads zorp, which is no parameter of Body.", "Body has channels, k"),
        ("index", "P008", "conv: groups = index reads index outside of a repeated use.", "Only the parameters"),
        ("size(z, 1)", "P009", "conv: groups = size(z, 1) reads size(z, 1), but z is no input of Body.", "Body has x."),
        ("size(x, 0)", "P009", "conv: groups = size(x, 0) reads size(x, 0), the number of samples", "another axis"),
        ("channels // (k - 3)", "P006", "conv: groups: channels // (k - 3) divides by zero.", "Use another divisor."),
        ("9**9**9", "P006", "conv: groups: 9 ** (9**9) is larger than 2**53.", "Use smaller numbers."),
        ("wide + 1", "P006", "conv: groups: wide is used as a number, but is a flag.", "Compare it"),
        ("channels / 4", "P002", "conv: groups = channels / 4 must be a whole number, got 4.0.", "Write // in"),
        ("channels / 5", "P002", "conv: groups = channels / 5 must be a whole number, got 3.2.", ""),
        ("-channels", "P002", "conv: groups = -channels must be >= 1, got -16.", ""),
    ],
)  # fmt: skip
def test_an_expression_has_a_problem_at_its_place(text: str, code: str, message: str, hint: str):
    started = time.process_time()
    problem = only(network(groups=Expression(text)), code)
    assert problem.node == "body.conv"
    assert problem.message.startswith(message), problem.message
    assert hint in problem.hint
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["channels *", "chanels // 16", "channels / 16"])
def test_an_expression_is_mended_by_its_fix(text: str):
    bad = network(groups=Expression(text))
    problem = next(problem for problem in graph_problems(bad) if problem.node == "body.conv")
    assert after_fix(bad, problem) == ()


def test_a_value_along_repetitions_is_judged_at_each():
    bad = network()
    use = bad.graphs["Net"].nodes["body"]
    use.params["channels"] = parse("256 * (index + 1)")
    use.repeat = 4
    problem = only(bad, "P002")
    assert problem.message == "body: in repetition 3, channels = 256 * (index + 1) must be 1 to 512, got 768."
    use.params["channels"] = parse("64 // (2 - index)")
    assert only(bad, "P006").message == "body: in repetition 3, channels: 64 // (2 - index) divides by zero."
    use.params["channels"] = parse("512 * 2")
    assert [problem.message for problem in graph_problems(bad) if problem.code == "P002"] == [
        "body: channels = 512 * 2 must be 1 to 512, got 1024."
    ]
    use.repeat, use.params["channels"] = 1, parse("64 * (index + 1)")
    problem = only(bad, "P008")
    assert "reads index outside of a repeated use" in problem.message


def test_a_use_is_checked_like_a_layer():
    bad = network(1)
    use = bad.graphs["Net"].nodes["body"]
    use.params = {"chanels": 3}
    problem = only(bad, "P001")
    assert (problem.node, problem.hint) == ("body", "Did you mean channels?")
    assert after_fix(bad, problem) == ()
    use.params = {"channels": 1000}
    problem = only(bad, "P002")
    assert problem.message == "body: channels must be 1 to 512, got 1000."
    assert after_fix(bad, problem) == ()
    use.params = {"wide": 1}
    assert only(bad, "P002").message == "body: wide must be true or false, got 1."


def test_the_main_graph_has_no_parameters():
    bad = network(1)
    bad.graphs["Net"].nodes["relu"] = Node("ReLU", {"inplace": parse("size(image, 1) > width")})
    bad.graphs["Net"].wires = graph({}, "image > body.x", "body.y > relu", "relu > y").wires
    assert [problem.code for problem in graph_problems(bad)] == ["P007", "P009"]
    bad.graphs["Net"].nodes["relu"].params["inplace"] = parse("2 > 3")
    assert graph_problems(bad) == ()
    bad.graphs["Net"].params["width"] = BlockParam("int", 3)
    bad.graphs["Net"].nodes["relu"].params["inplace"] = parse("width > 3")
    problem = problems_of(bad, "P012")[0]
    assert (problem.severity, problem.message) == (
        "warning",
        "The main graph Net has the parameter width, which nothing can set.",
    )
    assert after_fix(bad, problem) == ()


@pytest.mark.parametrize(
    ("param", "message"),
    [
        (BlockParam("int", 0, min=1), "a default that is not legal: it must be >= 1, got 0."),
        (BlockParam("int", None), "a default that is not legal: it cannot be None."),
        (BlockParam("int", True), "it must be a whole number, got True."),
        (BlockParam("float", float("nan")), "it must be finite, got nan."),
        (BlockParam("flag", "yes"), "it must be true or false, got 'yes'."),
        (BlockParam("choice", "c", options=("a", "b")), "it must be one of a, b, got 'c'."),
        (BlockParam("choice", ""), "is a choice without options."),
        (BlockParam("choice", "a", options=("a", "b\nc")), "has the option 'b\\nc', which cannot be shown as a word."),
        (BlockParam("tuple", (1, 0), min=1), "it must be >= 1, got 0."),
        (BlockParam("tuple", 3), "it must be a tuple of whole numbers, got 3."),
        (BlockParam("int", 3, min=5, max=2), "has min = 5 and max = 2, so no value is legal."),
        (BlockParam("int", 3, min=0.5), "has min = 0.5, but its values are whole numbers."),
        (BlockParam("flag", True, min=0), "is a flag, which has no min."),
        (BlockParam("tuple", (1,), max=3), "is a tuple, which has no max."),
        (BlockParam("int", 3, options=("a",)), "is a int, which has no options."),
    ],
)
def test_what_a_parameter_declares_must_fit(param: BlockParam, message: str):
    bad = network(1)
    body = bad.graphs["Body"]
    body.params["new"] = param
    body.nodes["conv"].params["groups"] = parse("1 if new == new else 2")
    problem = only(bad, "P011")
    assert problem.message.startswith("Body: the parameter new "), problem.message
    assert problem.message.endswith(message), problem.message
    assert problem.node is None
    assert problem.graph == "Body"
    if problem.fix:
        assert after_fix(bad, problem) == ()


def test_a_parameter_that_nothing_reads_is_a_warning():
    bad = network(1)
    bad.graphs["Body"].params["depth"] = BlockParam("int", 3)
    bad.graphs["Net"].nodes["body"].params["depth"] = 4
    problem = only(bad, "P012")
    assert problem.severity == "warning"
    assert after_fix(bad, problem) == ()


@pytest.mark.parametrize("name", ["x", "y"])
def test_a_parameter_has_a_name_of_its_own(name: str):
    bad = network(1)
    body = bad.graphs["Body"]
    body.params[name] = body.params.pop("k")
    body.nodes["conv"].params["kernel_size"] = parse(f"({name}, 1)")
    problem = only(bad, "P013")
    assert problem.message.startswith("Body has a parameter and an ")
    assert after_fix(bad, problem) == ()


def test_a_bypass_by_expression_is_judged_at_the_first_use():
    bad = network(1)
    relu = bad.graphs["Body"].nodes["relu"]
    relu.bypass = parse("channels")
    problem = only(bad, "P002")
    assert problem.message == "relu: bypass = channels must be true or false, got 16."
    relu.bypass = Expression("a +")
    assert after_fix(bad, only(bad, "P010")) == ()
    bad.graphs["Body"].nodes["pool"] = Node(
        "AdaptiveMaxPool2d", {"return_indices": True}, bypass=parse("channels == 16")
    )
    bad.graphs["Body"].nodes["out2"] = Node("Output")
    bad.graphs["Body"].wires += graph({}, "x > pool", "pool.indices > out2").wires
    assert "G014" in {problem.code for problem in graph_problems(bad)}
    bad.graphs["Net"].nodes["body"].params["channels"] = 15
    assert "G014" not in {problem.code for problem in graph_problems(bad)}


def test_what_depends_on_a_size_is_left_to_the_analysis():
    sound = network(1, groups=parse("size(x, 1) // 0"))
    assert graph_problems(sound) == ()
    sound.graphs["Net"].nodes["body"].params["channels"] = parse("1 // 0")
    assert [problem.code for problem in graph_problems(sound)] == ["P006"]


def test_a_use_that_shares_weights_has_the_values_of_the_owner():
    shared = network(1)
    net = shared.graphs["Net"]
    net.nodes = {"second": Node("Block", graph="Body", shares="body"), **net.nodes}
    net.wires += graph({}, "image > second.x").wires
    shared.graphs["Body"].nodes["conv"].params["groups"] = parse("channels // (channels - 8)")
    assert "P006" not in {problem.code for problem in graph_problems(shared)}


@pytest.mark.parametrize(
    ("text", "code", "after"), [("deptg * 2", "P007", Expression("depth * 2")), ("depth +", "P010", 1)]
)
def test_a_fix_of_a_count_changes_the_rounds(text: str, code: str, after: object):
    rounds = Node("Loop", graph="Step", loop=LoopSettings(count=Expression(text), carry=(("x", "y"),)))
    deep = graph({"x": "Input", "rounds": rounds, "drop": node("Dropout", p=Expression("depth / 2")), "y": "Output"},
                 "x > rounds.x", "rounds.y > drop", "drop > y")  # fmt: skip
    deep.params["depth"] = BlockParam("int", 1)
    step = graph({"x": "Input", "tanh": "Tanh", "y": "Output"}, "x > tanh", "tanh > y")
    example = project({"x": "Input", "deep": Node("Block", graph="Deep"), "y": "Output"}, "x > deep.x", "deep.y > y",
                      blocks={"Deep": deep, "Step": step})  # fmt: skip
    problem = only(example, code)
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert graph_problems(example) == ()
    assert example.graphs["Deep"].nodes["rounds"].loop.count == after
