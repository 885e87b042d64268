"""Legal settings of data and training: splits, transforms, phases and the whole training."""

from hypothesis import strategies as st

from engine.catalog.data.transforms import fits, transforms
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.graph.model import (
    Best,
    Clip,
    EarlyStop,
    Graph,
    OtherOptimizer,
    Part,
    Phase,
    Project,
    SchedulePart,
    Split,
    Training,
)
from engine.graph.off import OFF
from engine.graph.phases import effective_phases, losses_of, weight_owners
from engine.graph.watched_metrics import metric_names
from engine.runtime.data.field_spec import FieldSpec
from tests.strategies.settings import parts
from tests.strategies.values import params_of


@st.composite
def legal_splits(draw: st.DrawFn) -> Split:
    shares = st.sampled_from((0.0, 0.2, 0.25, 0.4))
    return Split(draw(shares), draw(shares), draw(st.booleans()), draw(st.integers(0, 3)))


@st.composite
def legal_transforms(draw: st.DrawFn, fields: dict[str, FieldSpec]) -> list[Part]:
    parts = []
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(list(transforms())))
        legal = [
            name
            for name, spec in fields.items()
            if fits(transforms()[kind], "int" if spec.dtype == "int64" else "float", len(spec.shape))
        ]
        if legal:
            params = draw(params_of(transforms()[kind].params))
            parts.append(Part(kind, {**params, "field": draw(st.sampled_from(legal))}))
    return parts


@st.composite
def legal_trainings(draw: st.DrawFn, project: Project) -> Training:
    schedule = draw(st.none() | _schedules())
    optimizer = draw(parts(EVERYWHERE))
    beside = draw(st.just(()) | st.just((OtherOptimizer("Muon"),)))
    phases = draw(st.just(()) | st.just(()) | _phases(project.graphs[project.main]))
    project.training = Training(phases=phases)
    watch = st.sampled_from(metric_names(project))
    return Training(
        phases=phases,
        epochs=draw(st.integers(1, 3)),
        batch_size=draw(st.sampled_from((1, 2, 5, 8, 64))),
        drop_last=draw(st.booleans()),
        seed=draw(st.integers(0, 3)),
        device="cpu",
        threads=1,
        optimizer=Part(optimizer.kind, {**optimizer.params, "lr": draw(st.sampled_from((0.0, 1e-3, 0.1)))}),
        other_optimizers=beside if _has_both(project) else (),
        schedule=schedule,
        average=draw(st.none() | st.sampled_from((Part("EMA", {"decay": 0.5}), Part("SWA", {"first": 1})))),
        l1=draw(st.sampled_from((0.0, 0.0, 0.01))),
        l2=draw(st.sampled_from((0.0, 0.0, 0.01))),
        clip=draw(st.none() | st.builds(Clip, st.sampled_from(("norm", "value")), st.floats(0.1, 9))),
        early_stop=draw(st.none() | st.builds(EarlyStop, watch, st.integers(1, 3), st.sampled_from((0.0, 0.5)))),
        best=draw(st.builds(Best, st.none() | watch)),
    )


EVERYWHERE = {
    kind: each
    for kind, each in OPTIMIZERS.items()
    if not (each.matrices_only or each.evaluates or each.sparse == "only")
}
"""The optimizers that learn any weights, beside any other settings."""


def _has_both(project: Project) -> bool:
    """Whether one of the phases learns a bias and a matrix, so that two optimizers have weights to learn."""
    graph = project.graphs[project.main]
    dense = {name for name, node in graph.nodes.items() if node.kind == "Linear" and node.params.get("bias", True)}
    return all(dense.intersection(phase.learns) for phase in effective_phases(project))


@st.composite
def _phases(draw: st.DrawFn, graph: Graph) -> tuple[Phase, ...]:
    """One or two phases with the losses, which learn what they reach, or nodes that they name."""
    losses = losses_of(graph)
    if not losses:
        return ()
    first = draw(st.lists(st.sampled_from(losses), min_size=1, unique=True).map(tuple))
    rest = tuple(name for name in losses if name not in first)
    learns = st.none() | st.lists(st.sampled_from(weight_owners(graph) or ["none"]), min_size=1, unique=True).map(tuple)
    counts = st.sampled_from((1, 1, 2, 3))
    return tuple(
        Phase(
            name,
            own,
            draw(learns),
            optimizer=draw(st.sampled_from((None, Part("SGD", {"lr": 0.1}), Part("Adam")))),
            schedule=draw(st.sampled_from((None, OFF))),
            clip=draw(st.sampled_from((None, OFF, Clip("norm", 0.5)))),
            times=draw(counts),
            every=draw(counts),
            epochs=draw(st.none() | st.just((1, 2))),
            accumulate=draw(counts),
        )
        for name, own in (("first", first), ("second", rest))
        if own
    )


@st.composite
def _schedules(draw: st.DrawFn) -> SchedulePart:
    """A schedule, or one after another."""
    every = draw(_every())
    first, then = draw(parts(SCHEDULES)), draw(st.none() | parts(SCHEDULES))
    length = {} if then is None else draw(st.sampled_from(({"epochs": 1}, {"steps": 2})))
    later = () if then is None else (SchedulePart(then.kind, then.params),)
    return SchedulePart(first.kind, first.params, every=every, then=later, **length)


def _every() -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, "step", "epoch"))
