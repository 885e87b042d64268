"""The stand-alone scripts of a project whose data is at hand."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.catalog.params import Value, frozen
from engine.codegen.literals import quoted
from engine.codegen.scripts.answers import answer_fields, class_comparison, forward_fields
from engine.codegen.scripts.data import NO_UNITS, DataFacts, UnitFacts
from engine.codegen.scripts.legs import RunLength
from engine.codegen.scripts.predict import AnswerFacts, PredictFacts, predict_script
from engine.codegen.scripts.train import script
from engine.runtime.analysis.ranges import embedding_places
from engine.runtime.results.answers import answers_of
from engine.runtime.training.prepare import Prepared
from resources.snippets.units import Unit, Units


def training_script(
    prepared: Prepared, threads: int, length: RunLength | None = None, places: tuple[str, ...] | None = None
) -> str:
    """``train.py``. ``places``: where the data lies by default, an expression each; left out, where it lies now.

    ``length``: of the run that it repeats; left out, what the project plans.
    """
    data, text = prepared.data, prepared.source.text
    inputs = forward_fields(text, prepared.project.main)
    read = {*inputs, *answer_fields(text)}
    here = tuple(quoted(source.path) for source in data.sources)
    facts = DataFacts(
        tuple(name for name in data.training.fields if name in read),
        next((name for name in data.class_names if data.training.fields[name].dim() == 1), None),
        here if places is None else places,
        tuple(source.sha256 for source in data.sources),
        tuple(Path(source.path).name for source in data.sources),
        unit_facts(prepared.units()),
        data.whole.form,
    )
    return script(prepared.project, facts, text, inputs, threads, length)


def unit_facts(units: Units | None) -> UnitFacts:
    """The units as a script is told them."""
    if units is None:
        return NO_UNITS
    outputs = tuple((name, _unit_values(unit)) for name, unit in units.outputs.items())
    return UnitFacts(outputs, tuple(units.metrics), tuple(units.undo))


def _unit_values(unit: Unit) -> tuple[Value, ...]:
    return (unit.field, unit.shape, *((unit.places,) if unit.places else ()))


def predicting_script(prepared: Prepared) -> str:
    """``predict.py``."""
    data, text = prepared.data, prepared.source.text
    comparison = class_comparison(text)
    inputs = forward_fields(text, prepared.project.main)
    facts = PredictFacts(
        tuple((name, tuple(data.specs[name].shape)) for name in inputs),
        tuple(name for name in inputs if data.specs[name].dtype == "int64"),
        comparison,
        tuple(data.class_names.get(comparison.field, ())) if comparison else (),
        tuple(tuple((name, frozen(_short(values))) for name, values in one.figures.items()) for one in data.fitted),
        data.whole.columns,
        tuple(
            AnswerFacts(each.key, each.name, _unit_values(each.unit) if each.unit else (), each.note, each.measure)
            for each in answers_of(prepared.project, data.specs, data.fitted, data.whole.measure).values()
        ),
        tuple((name, most) for name, most in embedding_places(prepared.project).items() if name in inputs),
        {name: _plain(value) for name, value in data.whole.decisions.items()},
        data.whole.form,
    )
    return predict_script(prepared.project, facts)


def _short(values: np.ndarray) -> object:
    """The numbers with no more digits than tell them apart as float32."""
    if values.ndim:
        return [_short(each) for each in values]
    short = float(str(np.float32(values)))
    return short if np.float32(short) == np.float32(values) else float(values)


def _plain(decision: object) -> Value:
    """A decision of the reader as a literal: an object as its pairs."""
    return frozen(tuple(decision.items()) if isinstance(decision, Mapping) else decision)
