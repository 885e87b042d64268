"""The stand-alone scripts of a project with its data."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import numpy as np

from engine.catalog.data.datasets import datasets
from engine.catalog.expressions import Constant
from engine.catalog.generation_kinds import GENERATORS
from engine.catalog.params import freeze
from engine.codegen.field_usage import Reads, reads
from engine.codegen.literals import quote
from engine.codegen.scripts import DATA, FILES
from engine.codegen.scripts.data import DataCode
from engine.codegen.scripts.data_description import NO_UNITS, DataDescription, SnippetName, UnitDescription
from engine.codegen.scripts.modules import OPTION_TYPES, Modules, is_long
from engine.codegen.scripts.predict import PredictCode, text_without_inputs
from engine.codegen.scripts.prediction import AnswerDescription, PredictDescription
from engine.codegen.scripts.readers import reader_of
from engine.codegen.scripts.run_length import RunLength
from engine.codegen.scripts.step_code import step_code
from engine.codegen.scripts.train import TrainCode
from engine.graph.model import Project
from engine.runtime.analysis.data_values.ranges import embedding_places
from engine.runtime.training_setup.output_labels import answers_of
from engine.runtime.training_setup.prepare import Prepared
from engine.runtime.training_setup.question import question_of
from resources.snippets.table.source.records import decimal_commas
from resources.snippets.units import Unit, Units


def program(
    prepared: Prepared,
    threads: int,
    length: RunLength | None = None,
    places: tuple[str, ...] | None = None,
    threshold: float | None = None,
) -> dict[str, str]:
    """The files of a project's program beside ``model.py``, by name, in the order in which a person reads them.

    ``places``: expressions for the default paths of the data; left out, its present paths.

    ``length``: of the run that it repeats; left out, what the project plans. ``threshold``: see `PredictDescription`.
    """
    project, read = prepared.project, reads(prepared.project)
    description, prediction = (
        _data_description(prepared, read, places),
        _prediction_description(prepared, read, threshold),
    )
    step = step_code(project, read)
    shared = prediction.reading_snippets if read.inputs else ()
    data = _data_code(project, description, shared, counts_steps="steps_per_epoch" in step.arguments)
    run_length = length or RunLength.planned(project.training.epochs)
    start = {file.path: (file.name, file.sha256) for file in prepared.start}
    train = TrainCode(project, data, step, read, threads, run_length, start)
    predict = PredictCode(project, prediction, data, read.needs)
    asking = predict.text() if read.inputs else text_without_inputs(project)
    files = {"data.py": data.text(), "train.py": train.text(), "predict.py": asking}
    files |= {"generate.py": _generating(project)}
    options = Modules().with_module("options", (("options", name) for name in OPTION_TYPES))
    files |= {**step.files, **options.files, **data.modules.files, **data.reader.files}
    files |= {"answers.py": predict.modules.files.get("answers.py", "") if read.inputs else ""}
    files |= {"transforms.json": predict.transforms_json}
    return {name: files[name] for name in (*FILES, *DATA) if files.get(name)}


def _generating(project: Project) -> str:
    """The text of ``generate.py``, empty where the project does not generate."""
    declaration = GENERATORS.get(project.generation.kind) if project.generation else None
    if declaration is None:
        return ""
    module, _, function = declaration.script.partition(":")
    text: str = getattr(import_module(f"engine.codegen.scripts.{module}"), function)(project)
    return text


def _data_code(
    project: Project, description: DataDescription, new_samples: Iterable[SnippetName], *, counts_steps: bool
) -> DataCode:
    """The writer of ``data.py``, with one more module where a file would be too long.

    ``new_samples``: the snippets with which ``predict.py`` reads files. ``counts_steps``: as `DataCode` takes it.
    """
    reader = reader_of(project.data, description)
    names = (*reader.reading_snippets, *new_samples)
    shared = (("samples", "DataError"), *names) if names else ()
    modules = Modules().with_module("reading", shared)
    if reader.cell_snippets and is_long(modules.files["reading.py"]):
        modules = Modules().with_module("cells", reader.cell_snippets).with_module("reading", shared)
    data = DataCode(project, description, reader, modules, counts_steps=counts_steps)
    if is_long(data.text()):
        modules = modules.with_module("transforms", data.transforms)
        return DataCode(project, description, reader, modules, counts_steps=counts_steps)
    return data


def _data_description(prepared: Prepared, read: Reads, places: tuple[str, ...] | None) -> DataDescription:
    data = prepared.data
    here = tuple(quote(source.path) for source in data.sources)
    return DataDescription(
        read.fields_among(data.training.fields),
        next((name for name in data.class_names if data.training.fields[name].dim() == 1), None),
        here if places is None else places,
        tuple(source.sha256 for source in data.sources),
        tuple(Path(source.path).name for source in data.sources),
        unit_description(prepared.units()),
        data.whole.form,
        tuple(one.along for one in data.augmentations),
        {name: spec.kind for name, spec in data.specs.items()},
        {name: spec.channel_axis for name, spec in data.specs.items()},
        data.whole.gap,
        prepared.project.data.split.group,
    )


def unit_description(units: Units | None) -> UnitDescription:
    """The units as a script contains them."""
    if units is None:
        return NO_UNITS
    outputs = tuple((name, _unit_values(unit)) for name, unit in units.outputs.items())
    return UnitDescription(outputs, tuple(units.metrics), tuple(units.undo))


def _unit_values(unit: Unit) -> tuple[Constant, ...]:
    return (unit.field, unit.shape, *((unit.places,) if unit.places else ()))


def _prediction_description(prepared: Prepared, read: Reads, threshold: float | None) -> PredictDescription:
    data, inputs = prepared.data, read.inputs
    question = question_of(prepared.project, read, data.specs, data.class_names)
    if question and not question.has_classes(data.specs):
        question = None
    return PredictDescription(
        tuple((name, tuple(data.specs[name].sizes)) for name in inputs),
        tuple(name for name in inputs if data.specs[name].dtype == "int64"),
        question.comparison if question else None,
        question.names if question else (),
        tuple(tuple((name, freeze(_short(values))) for name, values in one.statistics.items()) for one in data.fitted),
        data.whole.columns,
        tuple(
            AnswerDescription(
                each.key, each.name, _unit_values(each.unit) if each.unit else (), each.note, each.measure
            )
            for each in answers_of(prepared.project, data.specs, data.fitted, data.whole.measure).values()
        ),
        tuple((name, most) for name, most in embedding_places(prepared.project).items() if name in inputs),
        data.whole.decisions,
        decimal_commas(data.whole.columns, data.whole.decisions),
        data.whole.form,
        {name: spec.kind for name, spec in data.specs.items()},
        question.takes if question and question.is_single_score else "",
        threshold if question and len(question.names) == 2 else None,
        datasets()[prepared.project.data.kind].new,
        bool(question and question.comparison.is_class and data.specs[question.comparison.field].sizes),
    )


def _short(values: np.ndarray) -> object:
    """The numbers with only the digits that distinguish them as float32."""
    if values.ndim:
        return [_short(each) for each in values]
    short = float(str(np.float32(values)))
    return short if np.float32(short) == np.float32(values) else float(values)
