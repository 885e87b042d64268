"""Answers the requests of the window. A worker has one handler, which caches the results of layers."""

from itertools import pairwise
from pathlib import Path

import torch

from engine import __version__
from engine.catalog.data.datasets import missing
from engine.codegen.model import generate
from engine.errors import DataProblem, EngineError
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.protocol.answers import (
    Analysed,
    Answer,
    CellShown,
    DataSummed,
    DevicesFound,
    ExportPreviewed,
    Failed,
    FieldFound,
    LengthFound,
    NodeAnswer,
    Replied,
    ResultsSaved,
    RunDescribed,
    RunEvaluated,
    SamplesShown,
)
from engine.protocol.requests import (
    AboutResults,
    Analyse,
    Ask,
    CellSamples,
    DataSummary,
    DescribeRun,
    Devices,
    Evaluate,
    ExportPreview,
    Request,
    Samples,
    SaveResults,
)
from engine.runtime.after_training.asking.asker import Asker
from engine.runtime.after_training.asking.question import question_from
from engine.runtime.after_training.evaluator import Evaluator
from engine.runtime.after_training.export import preview
from engine.runtime.analysis.analyse import Analysis, analyse, check_project
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import describe, headings, samples
from engine.runtime.device import devices


class RequestHandler:
    """Answers requests. Used by one thread."""

    def __init__(self) -> None:
        torch.set_num_threads(1)  # nothing here computes much
        self._cache = LayerCache()
        self._asker = Asker()
        self._evaluator = Evaluator()
        analyse(_warm_up_project(), {"x": FieldSpec((1, 8, 8), "float32")}, self._cache)

    def versions(self) -> dict[str, str]:
        """The versions that the answers are computed with."""
        return {"torchloom": __version__, "torch": torch.__version__}

    def answer(self, request: Request) -> Answer:
        """The answer to one request; a problem of the data or the machine gives a `Failed`."""
        revision = getattr(request, "revision", None)
        try:
            return self._dispatch(request)
        except EngineError as wrong:
            return Failed(revision, wrong.message, wrong.hint, wrong.code, wrong.node)
        except MemoryError:
            return Failed(revision, "This machine has not enough memory for that.", code="M011")

    def _dispatch(self, request: Request) -> Answer:
        match request:
            case Analyse():
                return self._analyse(request)
            case Samples(revision, project, base, part, start, count, rows):
                return SamplesShown(revision, samples(load_data(project, Path(base)), part, start, count, rows))
            case DataSummary():
                return _data_summary(request.revision, request.project, Path(request.base))
            case Devices(revision):
                return DevicesFound(revision, [{"name": each.name, "text": each.text} for each in devices()])
            case ExportPreview(revision, project, base, to):
                return ExportPreviewed(revision, preview(project, Path(base), to))
            case DescribeRun() | Ask() | Evaluate() | CellSamples() | SaveResults():
                return self._answer_about_run(request)
            case _:
                raise TypeError(f"{type(request).__name__} is not answered here")

    def _answer_about_run(self, request: DescribeRun | Ask | AboutResults) -> Answer:
        run = Path(request.run)
        if isinstance(request, AboutResults):
            return self._answer_about_results(request, run)
        if isinstance(request, Ask):
            return Replied(request.revision, self._asker.ask(run, question_from(request.question)))
        return RunDescribed(request.revision, self._asker.form(run))

    def _answer_about_results(self, request: AboutResults, run: Path) -> Answer:
        evaluator = self._evaluator
        try:
            match request:
                case Evaluate(revision, _, part, data):
                    return RunEvaluated(revision, evaluator.results(run, part, Path(data) if data else None))
                case CellSamples(revision, _, true, predicted):
                    return CellShown(revision, evaluator.cell(run, true, predicted))
                case SaveResults(revision, _, form, path):
                    evaluator.save(run, form, Path(path))
                    return ResultsSaved(revision, path)
                case _:
                    raise TypeError(f"{type(request).__name__} is not about results")
        finally:
            torch.set_num_threads(1)  # an evaluation uses as many as its training

    def _analyse(self, request: Analyse) -> Analysed:
        project = request.project
        analysis = check_project(project, Path(request.base), training=request.training, cache=self._cache)
        nodes: dict[str, NodeAnswer] = {
            name: {
                "outputs": {port: list(shape) for port, shape in node.outputs.items()},
                "parameters": node.parameters,
                "macs": node.macs,
                "elements": node.elements,
                "times": node.times,
                "derived": analysis.derived.get(tuple(name.split(".")), {}),
                "weights": {weight: list(shape) for weight, shape in (node.weights or {}).items()},
            }
            for name, node in analysis.nodes.items()
        }
        text, lines = _source(project, analysis)
        fields: dict[str, FieldFound] = {
            name: {"shape": list(spec.shape), "element": spec.element, "kind": spec.kind}
            for name, spec in analysis.fields.items()
        }
        lengths: dict[str, LengthFound] = {
            axis.letter: {"length": axis.length, "limits": axis.limits} for axis in analysis.axes
        }
        totals = (analysis.parameters, analysis.macs)
        return Analysed(request.revision, analysis.problems, nodes, *totals, text, lines, fields, lengths)


def _data_summary(revision: int, project: Project, base: Path) -> DataSummed:
    """The statistics of the data; of a table that cannot be loaded its columns, so that a person can choose others."""
    data = project.data
    if missing(data.kind, data.params) and (names := headings(data, base)):
        return DataSummed(revision, {"headings": names})
    try:
        return DataSummed(revision, describe(load_data(project, base)))
    except DataProblem as wrong:
        if names := headings(data, base):
            return DataSummed(revision, {"headings": names, "message": wrong.message, "hint": wrong.hint})
        raise


def _source(project: Project, analysis: Analysis) -> tuple[str, dict[int, str]]:
    """The text of ``model.py`` and its nodes by line; nothing where the graphs do not allow it."""
    if any(problem.code[0] in "GPS" for problem in analysis.errors) or project.main not in project.graphs:
        return "", {}
    try:
        source = analysis.source or generate(project, analysis.derived)
    except EngineError:
        return "", {}  # a problem in the list gives the reason
    return source.text, source.lines


def _warm_up_project() -> Project:
    """A small network, whose analysis loads what torch loads on first use."""
    kinds = {
        "x": Node("Input"),
        "a": Node("Conv2d", {"out_channels": 2, "kernel_size": 3}),
        "b": Node("BatchNorm2d"),
        "c": Node("ReLU"),
        "d": Node("Flatten"),
        "e": Node("Linear", {"out_features": 2}),
        "y": Node("Output"),
    }
    names = list(kinds)
    wires = [Wire(End(a, "output"), End(b, "input")) for a, b in pairwise(names)]
    return Project(graphs={"Net": Graph(kinds, wires)})
