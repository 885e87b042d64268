"""Data and training sections."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from engine.catalog.averages import AVERAGES
from engine.catalog.data.datasets import datasets
from engine.catalog.data.transforms import transforms
from engine.catalog.generation_kinds import GENERATORS
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.graph.model import (
    MATRICES,
    Best,
    Clip,
    Data,
    EarlyStop,
    OtherOptimizer,
    Part,
    Phase,
    SchedulePart,
    Split,
    Training,
)
from engine.graph.off import OFF
from engine.graph.weights import NO_SETTINGS, Follows, WeightSettings, WeightsFile
from tests.strategies.expressions import expressions
from tests.strategies.values import NAME_POOL, hostile_texts, json_extra, params_of, reals


@st.composite
def parts(draw: st.DrawFn, declarations: Mapping[str, object]) -> Part:
    """A declared kind with legal values."""
    kind = draw(st.sampled_from(list(declarations)))
    return Part(kind, draw(params_of(declarations[kind].params)), draw(json_extra))


def generations() -> st.SearchStrategy[Part]:
    """Any way to generate."""
    return parts(GENERATORS)


weight_names = st.sampled_from(("weight", "bias", "conv1.weight", "a.b.bias", "weight_ih_l0"))


def _with_expressions(part: Part) -> st.SearchStrategy[Part]:
    """The part, or one of whose values some are expressions."""
    changes = st.dictionaries(st.sampled_from(["std", *part.params]), expressions, max_size=1)
    return changes.map(lambda values: replace(part, params=part.params | values))


@st.composite
def weight_settings(draw: st.DrawFn) -> WeightSettings:
    """Any weight settings of a node, mostly none; followers and sharers of ``ghost`` and of NAME_POOL."""
    if draw(st.integers(0, 2)):
        return NO_SETTINGS
    leaders = st.sampled_from((*NAME_POOL, "ghost"))
    return WeightSettings(
        draw(st.dictionaries(weight_names, parts(INITIALIZERS).flatmap(_with_expressions), max_size=2)),
        draw(st.dictionaries(weight_names, parts(PARAMETRIZATIONS), max_size=1)),
        draw(st.none() | st.booleans()),
        draw(st.none() | reals),
        draw(st.none() | st.booleans()),
        draw(st.none() | st.builds(WeightsFile, hostile_texts, hostile_texts, json_extra)),
        draw(st.none() | st.builds(Follows, leaders, st.none() | reals, st.none() | st.integers(-1, 9), json_extra)),
        draw(st.dictionaries(weight_names, st.builds("{}.{}".format, leaders, weight_names), max_size=2)),
    )


@st.composite
def data(draw: st.DrawFn) -> Data:
    """Any data section."""
    kind = draw(st.sampled_from(list(datasets())))
    shares, groups = st.floats(0.0, 0.5), st.sampled_from(("", "label", "ghost"))
    split = Split(
        draw(shares), draw(shares), draw(st.booleans()), draw(st.integers(0, 9)), draw(groups), draw(json_extra)
    )
    steps = tuple(draw(st.lists(parts(transforms()), max_size=2)))
    return Data(kind, draw(params_of(datasets()[kind].params)), split, steps, draw(json_extra))


@st.composite
def schedules(draw: st.DrawFn) -> SchedulePart:
    """Any LR schedule, and any that follow it."""
    lengths = st.none() | st.integers(0, 9)
    entries = [
        SchedulePart(
            part.kind,
            part.params,
            part.extra,
            draw(st.sampled_from((None, "step", "epoch"))),
            draw(lengths),
            draw(lengths),
        )
        for part in draw(st.lists(parts(SCHEDULES), min_size=1, max_size=3))
    ]
    return SchedulePart.of_parts(entries)


@st.composite
def phases(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> tuple[Phase, ...]:
    """None, or up to three training phases that name these nodes."""
    counts, names = st.integers(0, 3), st.lists(nodes, max_size=3).map(tuple)
    return tuple(
        Phase(
            name,
            draw(names),
            draw(st.none() | names),
            optimizer=(own := draw(st.none() | parts(OPTIMIZERS))),
            other_optimizers=draw(other_optimizers(nodes)) if own else (),
            schedule=draw(st.none() | st.just(OFF) | schedules()),
            clip=draw(st.none() | st.just(OFF) | clips()),
            l1=draw(st.none() | st.floats(0, 1)),
            l2=draw(st.none() | st.floats(0, 1)),
            times=draw(counts),
            every=draw(counts),
            epochs=draw(st.none() | st.tuples(counts, counts)),
            accumulate=draw(counts),
            extra=draw(json_extra),
        )
        for name in draw(st.sampled_from(((), ("first",), ("a", "b"), ("a", "a", "b"))))
    )


@st.composite
def other_optimizers(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> tuple[OtherOptimizer, ...]:
    """None mostly, or up to two optimizers beside the first, for matrices or for these nodes."""
    of = st.just(MATRICES) | st.lists(nodes, max_size=2).map(tuple)
    beside = st.lists(st.tuples(parts(OPTIMIZERS), of), max_size=2)
    return tuple(
        OtherOptimizer(part.kind, part.params, part.extra, which) for part, which in draw(st.just([]) | beside)
    )


def clips() -> st.SearchStrategy[Clip]:
    """Any gradient clipping."""
    return st.builds(Clip, st.sampled_from(("norm", "value")), st.floats(0.1, 9), json_extra)


@st.composite
def trainings(draw: st.DrawFn) -> Training:
    """Any training section."""
    return Training(
        epochs=draw(st.integers(1, 50)),
        batch_size=draw(st.integers(1, 256)),
        drop_last=draw(st.booleans()),
        seed=draw(st.integers(0, 99)),
        device=draw(st.sampled_from(("auto", "cpu", "cuda:1"))),
        threads=draw(st.just("auto") | st.integers(1, 8)),
        optimizer=draw(parts(OPTIMIZERS)),
        other_optimizers=draw(other_optimizers(st.sampled_from(NAME_POOL))),
        schedule=draw(st.none() | schedules()),
        l1=draw(st.floats(0, 1)),
        l2=draw(st.floats(0, 1)),
        clip=draw(st.none() | clips()),
        early_stop=draw(st.none() | st.builds(EarlyStop, hostile_texts, st.integers(0, 9), reals, json_extra)),
        best=draw(st.builds(Best, st.none() | hostile_texts, json_extra)),
        average=draw(st.none() | parts(AVERAGES)),
        extra=draw(json_extra),
    )
