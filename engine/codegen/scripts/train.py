"""The ``train.py`` of a project: the loop over the epochs, validation and the best weights."""

from collections.abc import Iterator, Mapping

from engine.catalog.data.datasets import path_params
from engine.codegen.field_usage import Reads
from engine.codegen.literals import literal, nested_literal, quote
from engine.codegen.scripts.data import DataCode
from engine.codegen.scripts.modules import OPTION_TYPES
from engine.codegen.scripts.phase_losses import scales, validation_phases
from engine.codegen.scripts.phased_step import PhasedStepCode
from engine.codegen.scripts.run_length import RunLength
from engine.codegen.scripts.step import StepCode
from engine.codegen.snippets import Import, import_lines, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project
from engine.graph.watched_metrics import best_metric, stop_metric

OWN_NAMES = ("IGNORED_STOPS", "LEGS", "LOSS_FACTORS", "START", "TARGETS", "THREADS", "WEIGHTS", "Path", "Tensor")


class TrainCode:
    """Writes the file, which uses the other files of the program.

    ``reads``: what the main graph of the project reads. ``length``: that of the run that it repeats. ``start``: the
    files that weights start from, with their SHA-256, by their paths in the project.
    """

    def __init__(
        self,
        project: Project,
        data: DataCode,
        step: StepCode | PhasedStepCode,
        reads: Reads,
        threads: int,
        length: RunLength,
        start: Mapping[str, tuple[str, str]],
    ) -> None:
        self.project, self.training, self.data, self.step = project, project.training, data, step
        self.threads, self.length, self.start = threads, length, start
        self.best, self.stop = best_metric(project), stop_metric(project)
        self.phased_step = step if isinstance(step, PhasedStepCode) else None
        self.has_legs = "legs" in step.arguments and (len(length.legs) > 1 or length.end != length.epochs)
        self.targets = reads.metric_targets if self.phased_step else reads.targets
        self.has_metrics, self.needs = reads.has_metrics, reads.all_needs
        self.has_validation, self.has_units = data.has_validation, data.has_units
        self.measures_in_units = self.has_units and (self.phased_step is None or self.has_validation)

    def text(self) -> str:
        """The file."""
        own = set(self._imports())
        parts = set(self._parts())
        self.network = network_name(self.project.main, {name for _, _, name in {*own, *parts}} | {*OWN_NAMES})
        parts.add(("model", self.project.main, self.network))
        saves = "saves its best weights" if self.best else "saves the weights of the last epoch"
        out = Writer()
        out.code(f'''
            """Trains {self.project.main}, the network of model.py, and {saves}.

                python train.py {self._data_usage}[--epochs N] [--seed N] [--device NAME]
                                [--losses FILE] [--weights FILE]

            The same seed gives the same weights, bit for bit, on the same CPU.
            """
            ''')
        out.blank()
        out.paste("\n".join(import_lines(own)))
        out.blank()
        out.paste("\n".join(import_lines(parts)))
        out.blank()
        self._write_constants(out)
        for write in (*([self._write_evaluate] if self.has_validation else []), self._write_train, self._write_main):
            out.blank(2)
            write(out)
        out.blank(2)
        out.code("""
            if __name__ == "__main__":
                main()
            """)
        return out.source().text

    @property
    def _data_usage(self) -> str:
        """The option of the data in the usage line."""
        if not self.data.reads_files:
            return ""
        option = " ".join(["--data", *(["PATH"] * max(1, len(path_params(self.data.dataset))))])
        return f"[{option}] " if self.data.description.places else f"{option} "

    @staticmethod
    def _imports() -> Iterator[Import]:
        yield "argparse", "", "argparse"
        yield "sys", "", "sys"
        yield "pathlib", "Path", "Path"
        yield "torch", "", "torch"
        yield "torch", "Tensor", "Tensor"
        yield "safetensors.torch", "save_file", "save_file"

    def _parts(self) -> Iterator[Import]:
        """The imports from the other files of the program."""
        snippet_names = ["DataError"]
        names = {"data": ["epoch_batches", "load_data"], "model": []}
        if not self.phased_step or self.has_validation:
            names["model"] += ["losses", *(["metrics"] if self.has_metrics else [])]
        names["step"] = ["Training"]
        names["options"] = list(OPTION_TYPES)
        measures = names.setdefault("metrics" if self.phased_step else "step", [])
        measures.append("PhaseMetrics" if self.phased_step else "Metrics")
        measures += ["is_best"] if self.best else []
        measures += ["EarlyStop"] if self.stop else []
        measures += ["evaluation_draws"] if self.needs.draws and self.has_validation else []
        if self.has_validation:
            snippet_names += ["Fields", "part_batches"]
            names["data"].append("BATCH_SIZE")
        if self.measures_in_units:
            snippet_names += ["in_unit", *(["Measure"] if self.has_validation else [])]
        if "steps_per_epoch" in self.step.arguments:
            names["data"].append("steps_per_epoch")
        if self.data.has_digests:
            names["data"].append("warn_of_changes")
        if self.data.reads_files and self.data.description.places:
            names["data"].append("DATA")
        names["weights"] = ["WeightsError", "start_from"] if self.start else []
        names["weights"] += ["own_state"] if self.step.learning.shares else []
        yield from ((module, name, name) for module, names_of_module in names.items() for name in names_of_module)
        yield from self.data.modules.imports(snippet_names)

    def _write_constants(self, out: Writer) -> None:
        what = "metrics" if self.phased_step else "losses and metrics"
        if not self.phased_step or (self.has_metrics and self.has_validation):
            out.write(f"TARGETS = {literal(self.targets)}", comment=f"the fields that {what} read")
        if self.phased_step:
            factors = ", ".join(f"{quote(name)}: {factor!r}" for name, factor in scales(self.project).items())
            out.write("# Each loss, and its factor in the sum of all losses.")
            out.write(f"LOSS_FACTORS = {{{factors}}}")
        out.write('WEIGHTS = Path(__file__).parent / "trained.safetensors"')
        out.write(f"THREADS = {self.threads}", comment="another number changes the last digits of all results")
        if self.has_legs:
            legs = (f"{literal((leg.epoch, leg.batch))}: {literal((leg.first, leg.end))}" for leg in self.length.legs)
            out.write("# The epochs that each LR schedule covers, by the epoch and batch with which it begins.")
            out.write(f"LEGS = {{{', '.join(legs)}}}")
        if self.start:
            out.write("# The files that weights start from, by their paths in model.py, with their SHA-256.")
            out.write(f"START = {nested_literal(self.start)}")
        if self.training.early_stop and self.length.went_on:
            out.write(
                f"IGNORED_STOPS = {literal(self.length.went_on)}",
                comment="epochs of early stops after which it went on",
            )

    @property
    def _metrics(self) -> str:
        """The expression of the function that computes metrics, of model.py or in the unit of the data."""
        if not self.has_metrics:
            return "lambda *_: {}"
        return "measure" if self.has_units else "metrics"

    @property
    def _scores(self) -> str:
        """The expression of new, empty metrics of a part."""
        if self.phased_step and not self.has_metrics:
            return "PhaseMetrics(LOSS_FACTORS)"
        arguments = f"{self._metrics}, TARGETS"
        return f"PhaseMetrics(LOSS_FACTORS, {arguments})" if self.phased_step else f"Metrics(losses, {arguments})"

    def _write_evaluate(self, out: Writer) -> None:
        takes = f"model: {self.network}, fields: Fields" + (", measure: Measure" if self.has_units else "")
        draws = self.needs.draws
        takes += ", seed: int, epoch: int" if draws else ""
        out.code(f'''
            {when(not self.needs.gradients, "@torch.inference_mode()")}
            def evaluate({takes}) -> dict[str, float]:
                """Losses and metrics of samples that are not trained on."""
                model.eval()
                scores = {self._scores}
                {when(draws, "with evaluation_draws(seed, epoch, next(model.parameters()).device):")}
                {"    " if draws else ""}for batch in part_batches(fields, BATCH_SIZE):
            ''')
        out.code("\n".join(self._batch_lines()), 12 if draws else 8)
        out.write("return scores.result()", 4)

    def _batch_lines(self) -> Iterator[str]:
        """The lines of `evaluate` for one batch."""
        if self.phased_step is None:
            yield f"scores.add({self.step.forward()}, batch)"
            return
        terms = (
            f"{quote(name)}: losses({self.phased_step.forward(name)}, batch, phase={quote(name)})"
            for name in validation_phases(self.project)
        )
        yield f"by_phase = {{{', '.join(terms)}}}"
        yield "scores.add(by_phase, batch)"
        if self.has_metrics:
            yield f"scores.add_outputs({self.phased_step.forward()}, batch)"

    def _write_train(self, out: Writer) -> None:
        parts = ["fields", *(["validation"] if self.has_validation else []), *(["units"] if self.has_units else [])]
        values = {"legs": "LEGS" if self.has_legs else "{(0, 0): (0, options.epochs)}"}
        values["steps_per_epoch"] = "steps_per_epoch(fields)"
        arguments = ", ".join(["model", *(values[name] for name in self.step.arguments)])
        early, stop = self.training.early_stop, self.stop
        lower = f"lower_is_better={stop.lower_is_better}" if stop else ""
        best = self.best
        comparison = f"report, best, {quote(best.name)}, lower_is_better={best.lower_is_better}" if best else ""
        outputs, end_arguments = ("by_phase", "report, epoch") if self.phased_step else ("outputs", "report")
        average = self.step.average
        evaluated = "averaged" if average.part else "model"
        evaluate_arguments = [evaluated, "validation", *(["measure"] if self.has_units else [])]
        evaluate_arguments += ["options.seed", "epoch"] if self.needs.draws else []
        stop_call = f"EarlyStop({early.patience}, {early.min_delta!r}, {lower})" if early else ""
        does = "print a line for each epoch and save the best weights"
        does = does if best else "print a line and save the weights after each epoch"
        state = f"own_state({evaluated})" if self.step.learning.shares else f"{evaluated}.state_dict()"
        if self.step.learning.is_parametrized:  # parametrized weights may be transposes of others
            state = f"{{name: value.contiguous() for name, value in {state}.items()}}"
        again = "epoch_batches(fields, options.seed, epoch)"
        out.code(f'''
            def train(options: argparse.Namespace) -> list[Tensor]:
                """Train, {does}. Returns the loss of every step."""
                {", ".join(parts)} = load_data({"options.data, " if self.data.reads_files else ""}options.device)
                {when(self.measures_in_units, "measure = in_unit(metrics, units)")}
                torch.manual_seed(options.seed)
                model = {self.network}().to(options.device)
                {when(self.start, "start_from(model, START, Path(__file__).parent)")}
                training = Training({arguments})
                {when(average.part, "averaged = training.average.module")}
                {when(stop, f"early_stop = {stop_call}")}
                {"best, steps = {}, []" if best else "steps = []"}
                for epoch in range(options.epochs):
                    model.train()
                    scores = {"PhaseMetrics(LOSS_FACTORS)" if self.phased_step else self._scores}
                    for number, batch in enumerate(epoch_batches(fields, options.seed, epoch)):
                        total, {outputs} = training.step(batch, epoch, number)
                        scores.add({outputs}, batch)
                        steps.append(total)
                    report = {{f"train_{{name}}": value for name, value in scores.result().items()}}
                    {when(average.each_epoch, f"training.average_epoch({again}, options.seed, epoch)")}
                    {when(self.has_validation, f"values = evaluate({', '.join(evaluate_arguments)})")}
                    {when(self.has_validation, 'report |= {f"val_{name}": value for name, value in values.items()}')}
                    line = "  ".join(f"{{name}} {{value:.4f}}" for name, value in report.items())
                    print(f"epoch {{epoch + 1}}/{{options.epochs}}  {{line}}", flush=True)
                    {when(self.step.moves_each_epoch, f"training.end_epoch({end_arguments})")}
                    {when(best, f"if is_best({comparison}):")}
                    {when(best, "    best = report")}
                    {when(best, f"    save_file({state}, options.weights)")}
                    {when(not best, f"save_file({state}, options.weights)")}
            ''')
        if stop:
            self._write_early_stop(out, stop.name)
        out.write("return steps", 4)

    def _write_early_stop(self, out: Writer, metric: str) -> None:
        went_on = bool(self.length.went_on)
        out.code(
            f"""
            if early_stop.is_over(report[{quote(metric)}]):
                {when(not went_on, "break")}
                {when(went_on, "if epoch + 1 not in IGNORED_STOPS:")}
                {when(went_on, "    break")}
                {when(went_on, "early_stop.bad_epochs = 0")}
            """,
            8,
        )

    def _write_main(self, out: Writer) -> None:
        data, end = self.data, self.length.end
        names = ", ".join(param.name for param in path_params(data.dataset)) or "the data file"
        count = max(1, len(path_params(data.dataset)))
        default = "default=DATA, " if data.description.places else ""
        is_named = data.reads_files and not data.description.places
        name_data = f"name the data by --data; this program was exported with {' and '.join(data.description.names)}"
        epochs = min(self.length.epochs, end)
        data_option = f'parser.add_argument("--data", nargs={count}, {default}help={quote(names)})'
        out.code(f'''
            def main() -> None:
                """Read the options and train."""
                parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
                {when(data.reads_files, data_option)}
                parser.add_argument("--epochs", type=positive_number, default={epochs})
                parser.add_argument("--seed", type=seed_number, default={self.training.seed})
                parser.add_argument("--device", type=usable_device, default="cpu")
                parser.add_argument("--losses", type=output_file, help="a file to write the loss of every step to")
                parser.add_argument("--weights", type=output_file, default=WEIGHTS)
                options = parser.parse_args()
                {when(self.has_legs, f"if options.epochs > {end}:")}
                {when(self.has_legs, f'    parser.error("the schedules in LEGS end after {end} epochs")')}
                {when(is_named, "if not options.data:")}
                {when(is_named, f"    parser.error({quote(name_data)})")}
                {when(data.has_digests, "warn_of_changes(options.data)")}
                torch.set_num_threads(THREADS)
                try:
                    steps = train(options)
                except {"(DataError, WeightsError)" if self.start else "DataError"} as error:
                    sys.exit(str(error))
                if options.losses:
                    lines = [f"{{loss.hex()}}\\n" for loss in torch.stack(steps).tolist()]
                    options.losses.write_text("".join(lines))
            ''')
