"""Loads the samples of a project's data section; an error of a loader becomes a problem with a remedy."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import resources
from engine.catalog.data.datasets import datasets, path_params
from engine.catalog.data.roles import name_by_role, pairs
from engine.catalog.data.spec import Dataset
from engine.catalog.index import did_you_mean
from engine.catalog.params import Param, Value, find
from engine.catalog.spec import effective
from engine.errors import DataProblem
from engine.graph.model import Data
from resources.snippets.load_result import LoadedSamples
from resources.snippets.samples import DataError, Samples

SHIPPED = Path(str(resources.__file__)).parent / "datasets"


def dataset_of(data: Data) -> Dataset:
    """The declaration of the data's kind, its values checked."""
    dataset = datasets().get(data.kind)
    if data.is_absent:
        raise DataProblem("The project has no data.", hint="Choose what to train on.", code="D113")
    if dataset is None:
        hint = did_you_mean(data.kind, datasets()) or f"Known are {', '.join(datasets())}."
        raise DataProblem(f"There is no kind of data {data.kind!r}.", hint=hint)
    check_values(f"Data {data.kind}", dataset.params, data.params)
    return dataset


def check_values(what: str, params: tuple[Param, ...], values: Mapping[str, Value]) -> None:
    """Refuse a value outside its range, and a name that is not a parameter."""
    for name in values:
        if find(params, name) is None:
            names = [param.name for param in params]
            hint = did_you_mean(name, names) or (f"It has {', '.join(names)}." if names else "It has none.")
            raise DataProblem(f"{what} has no parameter {name!r}.", hint=hint, code="D002")
    for name, value in effective(params, values).items():
        param = find(params, name)
        wrong = param and param.problem(value)
        if param and wrong and not (name not in values and name_by_role(params, values, name)):
            raise DataProblem(f"{what}: {name} {wrong}.", hint=param.help, code="D002")


def arguments(dataset: Dataset, data: Data, base: Path) -> tuple[list[str], dict[str, Any]]:
    """The arguments of the loader; paths of a person's files start from ``base``."""
    values: dict[str, Any] = effective(dataset.params, data.params)
    for param in path_params(dataset):
        values[param.name] = str(base / str(values[param.name]))
    return ([str(SHIPPED / dataset.file)] if dataset.file else []), values


def source_paths(dataset: Dataset, data: Data, base: Path) -> list[Path]:
    """The files and folders the samples are read from."""
    before, values = arguments(dataset, data, base)
    return [Path(path) for path in (*before, *(values[param.name] for param in path_params(dataset)))]


def snippet(target: str) -> Callable[..., Any]:
    """The function that ``module:function`` names below ``resources.snippets``."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"resources.snippets.{module}"), name)
    return function


def load_samples(data: Data, base: Path) -> LoadedSamples:
    """All samples as in the files: numpy arrays, before split and transforms. Raises: ``DataProblem``."""
    dataset = dataset_of(data)
    before, values = arguments(dataset, data, base)
    samples: Samples = call_reader(snippet(dataset.loader), *before, **values)
    loaded = samples if isinstance(samples, LoadedSamples) else LoadedSamples(**vars(samples))
    return replace(loaded, kinds={**kinds_of(data), **loaded.kinds})


def kinds_of(data: Data) -> dict[str, str]:
    """The kind of each field that its declaration or a setting gives."""
    dataset = datasets()[data.kind]
    return {
        **{field.name: field.kind for field in dataset.fields},
        **dict(pairs(effective(dataset.params, data.params).get("kinds", ()))),
    }


def call_reader(read: Callable[..., Any], *args: object, **values: object) -> Any:  # noqa: ANN401 (whatever ``read`` gives)
    """What ``read`` gives; its errors about the data become a ``DataProblem``."""
    try:
        return read(*args, **values)
    except DataError as wrong:
        raise DataProblem(wrong.message, hint=wrong.hint, remedy=getattr(wrong, "remedy", None)) from wrong
    except MemoryError as wrong:
        raise DataProblem("The data does not fit into memory.", hint="Use fewer samples or smaller images.") from wrong
