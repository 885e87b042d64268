"""The stand-alone ``train.py`` of a project: the same training without the app, bit for bit on a CPU."""

from collections.abc import Callable, Iterator

from engine.catalog.datasets import path_params
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.spec import effective
from engine.check.watched import watched_for_best, watched_for_stop
from engine.codegen.literals import literal, quoted
from engine.codegen.scripts import schedule, table
from engine.codegen.scripts.answers import answer_fields
from engine.codegen.scripts.data import DataCode, DataFacts, Wanted, keywords
from engine.codegen.scripts.legs import RunLength
from engine.codegen.scripts.schedule import ScheduleCode
from engine.codegen.snippets import Copied, Import, copied, import_lines, network_name
from engine.codegen.source import Writer
from engine.graph.model import Project

Imports = set[Import]
OWN_NAMES = (
    "ANSWERS", "BATCH_SIZE", "DATA", "FIELDS", "IN_UNIT", "OUTPUT_UNITS", "SHA256", "TABLE", "THREADS", "Iterator",
    "Path", "Tensor",
)  # fmt: skip
"""What the script itself or its imports define, beside what is copied from snippets."""


def script(
    project: Project,
    facts: DataFacts,
    model: str,
    inputs: tuple[str, ...],
    threads: int = 1,
    length: RunLength | None = None,
) -> str:
    """The text. ``model``: that of ``model.py``; ``inputs``: the fields its network takes.

    ``length``: of the run that it repeats; left out, what the project plans.
    """
    known = length or RunLength.planned(project.training.epochs)
    return _Script(project, facts, answer_fields(model), inputs, threads, known).text()


class _Script:
    def __init__(
        self,
        project: Project,
        facts: DataFacts,
        answers: tuple[str, ...],
        inputs: tuple[str, ...],
        threads: int,
        length: RunLength,
    ) -> None:
        self.project, self.training = project, project.training
        self.facts, self.answers, self.inputs, self.threads = facts, answers, inputs, threads
        self.data = DataCode(project.data, facts)
        self.schedule = ScheduleCode(project, length)
        self.held_out = project.data.split.validation > 0
        self.best, self.stop = watched_for_best(project), watched_for_stop(project)
        self.is_penalized = bool(self.training.l1 or self.training.l2)
        self.network = project.main

    def text(self) -> str:
        body = Writer()
        self._write_constants(body)
        copy = copied(self._wanted())
        self.network = network_name(self.project.main, {*copy.names, *OWN_NAMES, *schedule.OWN_NAMES})
        if copy.text:
            body.blank(2)
            body.paste(copy.text)
        for write in self._sections():
            body.blank(2)
            write(body)
        body.blank(2)
        body.write('if __name__ == "__main__":')
        body.write("main()", 4)
        return self._head(copy) + body.source().text

    def _wanted(self) -> Iterator[Wanted]:
        yield from self.data.wanted()
        yield from self.schedule.wanted()
        yield "order", "epoch_order"
        yield "batches", "training_batches"
        if self.held_out:
            yield "batches", "part_batches"
        yield "figures", "Figures"
        yield "early_stop", "is_best"
        if self.stop:
            yield "early_stop", "EarlyStop"
        if self.is_penalized:
            yield "penalties", "penalized"
            yield "penalties", "penalty"

    def _sections(self) -> Iterator[Callable[[Writer], None]]:
        yield self.data.write_loading
        if self.data.random:
            yield self.data.write_augmentation
        yield self._write_forward
        if self.held_out:
            yield self._write_evaluate
        yield self._write_train
        yield self._write_main

    def _model_names(self) -> Iterator[tuple[str, str]]:
        yield self.project.main, self.network
        yield "losses", "losses"
        yield "metrics", "metrics"

    def _head(self, copy: Copied) -> str:
        """The docstring and the imports."""
        own: Imports = {("argparse", "", "argparse"), ("sys", "", "sys"), ("torch", "", "torch")}
        own |= {("pathlib", "Path", "Path"), ("torch", "Tensor", "Tensor"), ("torch", "optim", "optim")}
        own |= {("numpy", "", "np"), ("safetensors.torch", "save_file", "save_file")}
        own |= {("torch", "nn", "nn")} if self.training.clip else set()
        if self.data.reads_files and self.facts.digests:
            own.add(("hashlib", "sha256", "sha256"))
        if self.data.has_units:
            own.add(("functools", "partial", "partial"))
        lines = import_lines({*copy.imports, *own})
        usage = "python train.py" + (" [--data PATH]" if self.data.reads_files else "")
        options = "[--epochs N] [--seed N] [--device NAME] [--losses FILE]"
        head = [
            f'"""Trains {self.project.main}, the network of model.py, and saves its best weights.',
            "",
            f"    {usage} {options}",
            "",
            "The data lies in memory, every epoch visits it in an order of its own that depends only",
            "on the seed, and the same seed gives the same weights, bit for bit, on the same CPU.",
            '"""',
            "",
            *lines,
            "",
            *import_lines({("model", each, called) for each, called in self._model_names()}),
            "",
        ]
        return "\n".join(head) + "\n"

    def _write_constants(self, out: Writer) -> None:
        out.write(f"FIELDS = {literal(self.facts.fields)}", comment="what the network, its losses and metrics read")
        out.write(f"ANSWERS = {literal(self.answers)}", comment="those that losses and metrics read")
        if self.data.has_units:
            out.write(
                f"OUTPUT_UNITS = {self.facts.units.text}", comment="those of fields, however they are transformed"
            )
            out.write(f"IN_UNIT = {literal(self.facts.units.metrics)}", comment="metrics that are in such a unit")
        out.write(f"BATCH_SIZE = {self.training.batch_size}")
        out.write(f"THREADS = {self.threads}", comment="another number gives other bits")
        self.schedule.write_constants(out)
        if self.data.reads_files and self.facts.places:
            out.write(f"DATA = [{', '.join(self.facts.places)}]")
        if self.data.reads_files and self.facts.digests:
            out.write(f"SHA256 = {literal(self.facts.digests)}", comment="of the data this was made for")

        if self.facts.form:
            out.write(table.form_text(self.facts.form), comment="how the file of --data is written")

    def _write_forward(self, out: Writer) -> None:
        out.write(f"def outputs_of(model: {self.network}, batch: Fields) -> Outputs:")
        out.write('"""What the network says of a batch."""', 4)
        passed = ", ".join(f"{name}=batch[{quoted(name)}]" for name in self.inputs)
        out.write(f"return model({passed})", 4)

    def _write_evaluate(self, out: Writer) -> None:
        out.write("@torch.inference_mode()")
        takes = f"model: {self.network}, fields: Fields" + (", measure: Measure" if self.data.has_units else "")
        out.write(f"def evaluate({takes}) -> dict[str, float]:")
        out.write('"""Losses and metrics of rows that are not trained on."""', 4)
        out.write("model.eval()", 4)
        out.write(f"figures = Figures(losses, {self._metrics}, ANSWERS)", 4)
        out.write("for batch in part_batches(fields, BATCH_SIZE):", 4)
        out.write("figures.add(outputs_of(model, batch), batch)", 8)
        out.write("return figures.result()", 4)

    @property
    def _metrics(self) -> str:
        """What takes the metrics: the function of model.py, or the one that takes them in the unit of the data."""
        return "measure" if self.data.has_units else "metrics"

    def _write_train(self, out: Writer) -> None:
        out.write("def train(options: argparse.Namespace) -> list[Tensor]:")
        out.write('"""Train, report every epoch, keep the best weights; the loss of every step."""', 4)
        out.write("device = torch.device(options.device)", 4)
        takes = "options.data, device" if self.data.reads_files else "device"
        gives = ["training", *(["validation"] if self.held_out else []), *(["undo"] if self.data.has_units else [])]
        out.write(f"{', '.join(gives)} = load_data({takes})", 4)
        if self.data.has_units:
            out.write("units = {name: Unit(*unit) for name, unit in OUTPUT_UNITS.items()}", 4)
            out.write("measure = in_unit(metrics, Units(undo, units, IN_UNIT))", 4)
        out.write("rows = len(training[FIELDS[0]])", 4)
        out.blank()
        out.write("torch.manual_seed(options.seed)", 4)
        out.write(f"model = {self.network}().to(device)", 4)
        out.write(f"optimizer = {self._optimizer()}", 4)
        self.schedule.write_setup(out)
        if self.is_penalized:
            out.write("weights = penalized(model)", 4)
        if self.stop and self.training.early_stop:
            early = self.training.early_stop
            lower = f"lower_is_better={self.stop.lower_is_better}"
            out.write(f"early_stop = EarlyStop({early.patience}, {early.min_delta!r}, {lower})", 4)
        out.write("best, steps = {}, []", 4)
        out.write("for epoch in range(options.epochs):", 4)
        self._write_epoch(out)
        self._write_report(out)
        out.write("return steps", 4)

    def _optimizer(self) -> str:
        part = self.training.optimizer
        declared = OPTIMIZERS[part.kind]
        lr = effective(declared.params, part.params)["lr"]
        rest = keywords(declared.params, part.params, skip=("lr",))
        parts = ["model.parameters()", f"lr={literal(lr)}", *([rest] if rest else [])]
        if declared.fused == ("cpu",):
            parts.append('fused=device.type == "cpu"')
        elif declared.fused:
            parts.append("fused=True")
        return f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"

    def _write_epoch(self, out: Writer) -> None:
        out.write("model.train()", 8)
        out.write(f"figures = Figures(losses, {self._metrics}, ANSWERS)", 8)
        out.write("order = epoch_order(rows, options.seed, epoch).to(device)", 8)
        passed = ["training", "order", "BATCH_SIZE"]
        passed += ["drop_last=True"] if self.training.drop_last else []
        if self.data.random:
            out.write("change = augmentation(training, options.seed, epoch)", 8)
            passed.append("change=change")
        batches = f"training_batches({', '.join(passed)})"
        if self.schedule.has_legs:
            out.write(f"for number, batch in enumerate({batches}):", 8)
        else:
            out.write(f"for batch in {batches}:", 8)
        self.schedule.write_begin(out)
        out.write("optimizer.zero_grad(set_to_none=True)", 12)
        out.write("outputs = outputs_of(model, batch)", 12)
        out.write('total = losses(outputs, batch)["total"]', 12)
        if self.is_penalized:
            given = [
                f"{name}={getattr(self.training, name)!r}" for name in ("l1", "l2") if getattr(self.training, name)
            ]
            out.write(f"total = total + penalty(weights, {', '.join(given)})", 12)
        out.write("total.backward()", 12)
        clip = self.training.clip
        if clip:
            out.write(f"nn.utils.clip_grad_{clip.by}_(model.parameters(), {clip.at!r})", 12)
        out.write("optimizer.step()", 12)
        self.schedule.write_step(out)
        out.write("figures.add(outputs, batch)", 12)
        out.write("steps.append(total.detach())", 12)

    def _write_report(self, out: Writer) -> None:
        out.blank()
        out.write('report = {f"train_{name}": value for name, value in figures.result().items()}', 8)
        if self.held_out:
            passed = "model, validation" + (", measure" if self.data.has_units else "")
            out.write(f"held_out = evaluate({passed})", 8)
            out.write('report |= {f"val_{name}": value for name, value in held_out.items()}', 8)
        out.write('shown = "  ".join(f"{name} {value:.4f}" for name, value in report.items())', 8)
        out.write('print(f"epoch {epoch + 1}/{options.epochs}  {shown}", flush=True)', 8)
        self.schedule.write_epoch(out)
        asked = f"report, best, {quoted(self.best.figure)}, lower_is_better={self.best.lower_is_better}"
        out.write(f"if is_best({asked}):", 8)
        out.write("best = report", 12)
        out.write("save_file(model.state_dict(), options.weights)", 12)
        if self.stop:
            self.schedule.write_early_stop(out, self.stop.figure)

    def _write_main(self, out: Writer) -> None:
        out.write("def main() -> None:")
        out.write('"""Read the options and train."""', 4)
        out.write("parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])", 4)
        if self.data.reads_files:
            count = self.data.paths
            default = "default=DATA, " if self.facts.places else ""
            names = ", ".join(param.name for param in path_params(self.data.dataset)) or "the data file"
            out.write(f'parser.add_argument("--data", nargs={count}, {default}help={quoted(names)})', 4)
        out.write(f'parser.add_argument("--epochs", type=int, default={self.schedule.epochs})', 4)
        out.write(f'parser.add_argument("--seed", type=int, default={self.training.seed})', 4)
        out.write('parser.add_argument("--device", default="cpu")', 4)
        out.write('parser.add_argument("--losses", help="write the loss of every step there")', 4)
        out.write('parser.add_argument("--weights", default=Path(__file__).parent / "trained.safetensors")', 4)
        out.write("options = parser.parse_args()", 4)
        self.schedule.write_check(out)
        if self.data.reads_files and not self.facts.places:
            told = f"name the data by --data; this was made for {' and '.join(self.facts.names)}"
            out.write("if not options.data:", 4)
            out.write(f"parser.error({quoted(told)})", 8)
        out.write("torch.set_num_threads(THREADS)", 4)
        if self.data.reads_files and self.facts.digests:
            out.write("for path, digest in zip(options.data, SHA256, strict=True):", 4)
            out.write("place = Path(path)", 8)
            out.write("if place.is_file() and sha256(place.read_bytes()).hexdigest() != digest:", 8)
            out.write('print(f"{path} is not the data this was made for", file=sys.stderr)', 12)
        out.write("try:", 4)
        out.write("steps = train(options)", 8)
        out.write("except DataError as error:", 4)
        out.write("sys.exit(str(error))", 8)
        out.write("if options.losses:", 4)
        out.write('lines = [f"{loss.hex()}\\n" for loss in torch.stack(steps).tolist()]', 8)
        out.write('Path(options.losses).write_text("".join(lines))', 8)
