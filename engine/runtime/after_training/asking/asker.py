"""Networks that stay loaded between questions, with their data."""

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from engine.errors import EngineError, RunProblem
from engine.protocol.asking import AskForm, NodeOutput, Pixels, Reply, SampleGiven
from engine.runs.folder import RunFolder
from engine.runtime.after_training.asking.ask_form import (
    ask_form,
    compared_output,
    raw_values,
    row_cells_of,
    way_to_give,
)
from engine.runtime.after_training.asking.explained import explained
from engine.runtime.after_training.asking.node_outputs import node_output, recorded
from engine.runtime.after_training.asking.pixels import as_pixels
from engine.runtime.after_training.asking.question import Question, question_inputs
from engine.runtime.after_training.predict import answers_for, network_to_ask
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.checkpoints.run_folder_check import refuse_other_data
from engine.runtime.data.inputs import Inputs
from engine.runtime.data.prepared_samples import LoadedData, load_data
from resources.snippets.answers.picture import is_image_shape
from resources.snippets.answers.predictions import Prediction

MAX_NETWORKS = 3  # kept loaded
MAX_NUMBERS = 256  # of an output or a sample, in a reply
WITHOUT_BEST = "R019"  # the problem of a run of which no epoch is over

Stamp = tuple[str, ...]


class Asker:
    """Answers questions about runs; loads each network once, and again when the run has newer checkpoints."""

    def __init__(self, device: str = "cpu") -> None:
        self._device = device
        self._networks: OrderedDict[Path, tuple[Stamp, TrainedNetwork]] = OrderedDict()
        self._data: dict[Path, LoadedData] = {}

    def form(self, run: Path) -> AskForm:
        """What the network of a run can be asked. Raises: ``EngineError``."""
        network = self._network(run)
        try:
            return ask_form(network, self._loaded(network))
        except EngineError as error:  # the data has moved or changed; the network can still be asked
            return ask_form(network, None, error.message)

    def ask(self, run: Path, question: Question) -> Reply:
        """The answers to a question. Raises: ``EngineError``."""
        network = self._network(run)
        data = partial(self._loaded, network)
        inputs = question_inputs(network, question, data)
        answers = answers_for(network, inputs)
        reply: Reply = {
            "answers": [_short(each) for each in answers],
            "given": _samples_given(network, inputs) if inputs.places else [],
            "truth": self._truth(network, question),
            "pictures": _pictures(answers),
            "nodes": _nodes(network, inputs) if question.nodes and inputs.places else {},
        }
        if question.explain and inputs.places:
            reply["explanation"] = explained(network, question, inputs, data)
        return reply

    def _network(self, run: Path) -> TrainedNetwork:
        stamp = _stamp(run)
        cached = self._networks.get(run)
        if cached is None or cached[0] != stamp:
            self._networks[run] = cached = (stamp, _best_or_last(run, self._device))
            while len(self._networks) > MAX_NETWORKS:
                oldest, _ = self._networks.popitem(last=False)
                self._data.pop(oldest, None)
        self._networks.move_to_end(run)
        return cached[1]

    def _loaded(self, network: TrainedNetwork) -> LoadedData:
        """The data of the run, which must be that with which it began."""
        run = network.folder.path
        if run not in self._data:
            data = load_data(network.project, network.record.base)
            refuse_other_data(network.record, data)
            self._data[run] = data
        return self._data[run]

    def _truth(self, network: TrainedNetwork, question: Question) -> str:
        """What the data holds for the answer to a sample of it; empty for other samples."""
        target = compared_output(network)
        if not question.part or target is None:
            return ""
        comparison = target.comparison
        values = self._loaded(network).part(question.part).fields.get(comparison.field)
        if values is None or values[question.row].numel() != 1:
            return ""
        preparation = network.record.preparation
        number = raw_values(values[question.row : question.row + 1], comparison.field, preparation).ravel()[0]
        names = preparation.class_names.get(comparison.field, ())
        return names[int(number)] if names and 0 <= number < len(names) else f"{number:.5g}"


def _stamp(run: Path) -> Stamp:
    """What changes when a run has newer checkpoints."""
    try:
        return tuple(sorted(path.name for path in RunFolder(run).checkpoints.iterdir()))
    except OSError:
        return ()


def _best_or_last(run: Path, device: str) -> TrainedNetwork:
    """The network with its best weights, or the last ones while no epoch is over."""
    try:
        return network_to_ask(run, "best", device)
    except RunProblem as problem:
        if problem.code != WITHOUT_BEST:
            raise
        return network_to_ask(run, "last", device)


def _short(answer: Prediction) -> dict[str, object]:
    """An answer as JSON, with the first numbers of long outputs; of classes of places, the share of each."""
    if answer.classes:
        places = f"A class for each of {answer.classes.numbers.size:,} places"
        return {"input": answer.place, "label": places, "scores": answer.classes.shares}
    short = replace(answer, values=tuple((name, tuple(row[:MAX_NUMBERS])) for name, row in answer.values))
    return short.as_json()


def _pictures(answers: list[Prediction]) -> dict[str, Pixels]:
    """The outputs of the first answer that are images."""
    if not answers:
        return {}
    if (classes := answers[0].classes) and classes.numbers.ndim == 2:
        return {"classes": as_pixels(torch.from_numpy(classes.numbers[None]).float(), 0.0, len(classes.names) - 1.0)}
    values = dict(answers[0].values)
    return {
        name: as_pixels(torch.tensor(values[name]).reshape(shape), *_range(answers[0], name))
        for name, shape in answers[0].shapes.items()
        if is_image_shape(shape) and name in values
    }


def _range(answer: Prediction, name: str) -> tuple[float, float] | tuple[None, None]:
    """Black and white of an output: 0 and 1 in the unit of images, else its own range."""
    values = dict(answer.values)[name]
    return (0.0, 1.0) if name not in answer.notes and min(values) >= -0.5 and max(values) <= 1.5 else (None, None)


def _nodes(network: TrainedNetwork, inputs: Inputs) -> dict[str, NodeOutput]:
    """The output of each node for the first sample."""
    batch = {name: inputs.fields[name][:1].to(network.device) for name in network.model.reads.inputs}
    with network.evaluation_mode(), recorded(str(network.model.path), network.lines) as outputs:
        network.forward(batch)
    for name, node in network.project.graphs[network.project.main].of_kind("Input").items():
        field = str(node.params.get("field") or name)
        outputs |= {name: batch[field]} if field in batch else {}
    return {name: node_output(values) for name, values in outputs.items()}


def _samples_given(network: TrainedNetwork, inputs: Inputs) -> list[SampleGiven]:
    """What the network got of the first sample, before the transforms."""
    preparation = network.record.preparation
    entries: list[SampleGiven] = []
    for name in network.model.reads.inputs:
        values = raw_values(inputs.fields[name][:1].cpu(), name, preparation)[0]
        entry: SampleGiven = {"field": name}
        match way_to_give(name, preparation.fields[name], preparation):
            case "picture":
                entry["picture"] = as_pixels(torch.from_numpy(values), 0.0, max(1.0, float(values.max())))
            case "row":
                entry["cells"] = row_cells_of(values, preparation)
            case _:
                entry["numbers"] = [float(each) for each in values.ravel()[:MAX_NUMBERS]]
        entries.append(entry)
    return entries
