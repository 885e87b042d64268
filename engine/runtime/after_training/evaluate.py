"""Measures a run's network on one part of its data."""

from dataclasses import dataclass
from pathlib import Path

import torch

from engine.catalog.data.datasets import answer_name
from engine.errors import RunProblem
from engine.runtime.after_training.trained_network import Warn, Which, ignore, trained_network
from engine.runtime.checkpoints.run_folder_check import refuse_other_data
from engine.runtime.data.prepared_samples import PartName, load_data
from engine.runtime.measure import add_batch, new_scores
from engine.runtime.placement import Placement
from engine.runtime.training_setup.units import metric_units, unit_powers, units_for
from resources.snippets.training.batches import part_batches
from resources.snippets.units import in_unit


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Losses and metrics by name, without the prefix of events: ``loss``, ``accuracy``.

    ``units``: in which unit they are, in words, for quantities that transforms changed.
    """

    metrics: dict[str, float]
    units: dict[str, str]


def evaluate(
    run: Path, part: PartName = "validation", *, which: Which = "best", device: str = "auto", warn: Warn = ignore
) -> dict[str, float]:
    """The losses and metrics alone that `evaluation` gives."""
    return evaluation(run, part, which=which, device=device, warn=warn).metrics


def evaluation(
    run: Path, part: PartName = "validation", *, which: Which = "best", device: str = "auto", warn: Warn = ignore
) -> Evaluation:
    """The losses and metrics of a run's network: errors in the unit of the data, losses as trained.

    Raises: ``EngineError`` when the part holds no samples, and when the data is not that of the start of the run.
    """
    place = Placement.of(device).device
    network = trained_network(run, which, place, warn)
    torch.set_num_threads(network.checkpoint.metadata["threads"])
    record = network.record
    data = load_data(network.project, record.base)
    refuse_other_data(record, data)
    rows = data.part(part)
    if not len(rows):
        parts = " or ".join(name for name, each in data.parts if len(each))
        hint = f"Measure {parts}; split.{part} of the project sets how much a new run holds out."
        raise RunProblem(f"The {part} part of the data has no samples.", hint=hint, code="R014")
    model = network.model
    read = model.reads.fields_among(rows.fields)
    fields = {name: values.to(place) for name, values in rows.fields.items() if name in read}
    units = units_for(network.project, data.specs, data.fitted)
    metrics = in_unit(model.metrics, units) if units and units.metrics else model.metrics
    scores = new_scores(model, metrics)
    with network.evaluation_mode():
        for batch in part_batches(fields, network.project.training.batch_size):
            add_batch(scores, model, network.network, batch)
        results = scores.result()
    data_of = network.project.data
    measure = f" ({data.whole.measure})" if data.whole.measure else ""
    powers = unit_powers(network.project)
    names = {
        name: _unit(answer_name(data_of.kind, data_of.params, source) + measure, powers[name])
        if source
        else "as trained"
        for name, source in metric_units(network.project, data.specs, data.fitted).items()
    }
    return Evaluation(results, names)


def _unit(name: str, power: int) -> str:
    """A power of a unit in words."""
    return {0: "share", 1: name}.get(power, f"{name} ** {power}")
