"""The ``predict.py`` of an exported program: weights and a file of new samples in, predictions out."""

from collections.abc import Iterator

from engine.codegen.expression import COUNT
from engine.codegen.field_usage import NO_NUMBER, TOO_LARGE
from engine.codegen.literals import literal, nested_literal, quote
from engine.codegen.needs import Needs
from engine.codegen.scripts import table
from engine.codegen.scripts.data import DataCode
from engine.codegen.scripts.data_description import SnippetName
from engine.codegen.scripts.learning import loading
from engine.codegen.scripts.modules import import_text, is_long
from engine.codegen.scripts.new_samples import FEW_NUMBERS, NewSamplesCode
from engine.codegen.scripts.prediction import AnswerDescription, PredictDescription
from engine.codegen.snippets import Import, copy_snippets, names_read, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project

CONSTANTS = ("ARRAYS", "CLASSES", "INTEGERS", "NAMES", "SHAPES", "TABLE", "UNDO", "UNITS", "WEIGHTS")
OWN_NAMES = (*CONSTANTS, "Path")


class PredictCode:
    """Writes the file, which uses ``model.py``, ``data.py`` and ``reading.py``."""

    def __init__(self, project: Project, description: PredictDescription, data: DataCode, needs: Needs) -> None:
        self.project, self.description, self.data, self.needs = project, description, data, needs
        self.new_samples = NewSamplesCode(project, description)
        self.network = project.main
        self.loading = loading(project)

    def text(self) -> str:
        """The file."""
        text = self._text()
        if not is_long(text):
            return text
        self.new_samples.most_numbers = FEW_NUMBERS
        return self._text()

    @property
    def transforms_json(self) -> str:
        """The text of ``transforms.json``, for what is too long for the file; empty where nothing is."""
        return self.new_samples.transforms_json

    def _text(self) -> str:
        copy = copy_snippets(self._snippet_names(), after=self.data.modules.last)
        self.network = network_name(self.project.main, {*copy.names, *OWN_NAMES})
        body = Writer()
        self._write_constants(body)
        if copy.text:
            body.heading("How new samples are read")
            body.blank(2)
            body.paste(copy.text)
        body.heading("What the network predicts for them")
        self.new_samples.write_transforms(body)
        if self.new_samples.output_transforms:
            self.new_samples.write_undo(body)
        for write in (self.new_samples.write_read, self._write_predictions, self._write_main):
            body.blank(2)
            write(body)
        text = body.source().text
        names = names_read(text)
        own = self.data.modules.imports(names) | {("model", self.project.main, self.network)}
        own |= {("data", name, name) for name in names & self.data.constants}
        out = Writer()
        out.code(f'''
            """Predicts with {self.project.main}, the network of model.py, for new samples.

            Takes {self.new_samples.files}:

                python predict.py FILE [--weights FILE]
            """
            ''')
        out.blank()
        out.paste(import_text({*copy.imports, *self._imports()}, own))
        out.blank()
        return out.source().text + text

    def _imports(self) -> Iterator[Import]:
        yield "argparse", "", "argparse"
        yield "collections.abc", "Iterator", "Iterator"
        yield "sys", "", "sys"
        yield "pathlib", "Path", "Path"
        yield "numpy", "", "np"
        yield "torch", "", "torch"
        yield "safetensors", "SafetensorError", "SafetensorError"
        yield "safetensors.torch", self.loading[0], self.loading[0]
        if self.new_samples.output_transforms:
            yield "functools", "partial", "partial"
        if self.transforms_json:
            yield "json", "", "json"

    def _snippet_names(self) -> Iterator[SnippetName]:
        yield from self.new_samples.snippet_names()
        if self.needs.draws:
            yield "training.draws", "evaluation_draws"

    def _write_constants(self, out: Writer) -> None:
        shapes, form = dict(self.description.inputs), self.new_samples.form
        out.write(f"SHAPES = {nested_literal(shapes)}", comment="of one sample of each field that the network takes")
        out.write(f"INTEGERS = {literal(self.description.whole)}", comment="the fields of whole numbers")
        if self._has_classes and "CLASSES" not in self.data.constants:
            out.constant("CLASSES", literal(self.description.class_names), "the name of each class, by its number")
        if self._numeric_outputs:
            names = {each.key: _format(each) for each in self._numeric_outputs}
            out.write(f"NAMES = {nested_literal(names)}", comment="how each numeric output is printed")
        if self.new_samples.output_transforms:
            fields = {each.change.field for each in self.new_samples.output_transforms}
            units = {each.key: each.unit for each in self._numeric_outputs if each.unit and each.unit[0] in fields}
            out.write(f"UNITS = {nested_literal(units)}", comment="the field in whose unit an output is, and its shape")
        if form and table.NAME not in self.data.constants:
            out.constant(table.NAME, table.form_text(form), "the format of the table")
        out.code("""
            WEIGHTS = Path(__file__).parent / "weights.safetensors"
            if not WEIGHTS.exists():
                WEIGHTS = WEIGHTS.with_name("trained.safetensors")  # written by train.py
            """)

    @property
    def _has_classes(self) -> bool:
        return bool(self.description.comparison and self.description.class_names)

    @property
    def _numeric_outputs(self) -> list[AnswerDescription]:
        """The outputs that are printed as numbers: beside a class only those whose unit is known."""
        return [each for each in self.description.answers if each.unit or not self._has_classes]

    def _write_predictions(self, out: Writer) -> None:
        arguments = [f"{name}=fields[{quote(name)}]" for name, _ in self.description.inputs]
        arguments += [f"{COUNT}=len(samples)"] if self.needs.count else []
        forward, draws = f"outputs = model({', '.join(arguments)})", self.needs.draws
        draws_line = f'with evaluation_draws({self.project.training.seed}, 0, torch.device("cpu")):'
        array = ".detach().numpy()" if self.needs.gradients else ".numpy()"
        output = self.description.comparison.output if self.description.comparison else None
        scores = "outputs" if output is None else f"outputs[{quote(output)}]"
        numbers, in_units, classes = self._numeric_outputs, self.new_samples.output_transforms, self._has_classes
        values = "outputs[name]" if all(each.key for each in numbers) else "outputs"
        refusal = f'Refusal(number, samples.place(number), "{NO_NUMBER}", "{TOO_LARGE}")'
        in_unit = "numbers[name] = output_in_unit(numbers[name], Unit(*unit), UNDO[unit[0]])"
        out.code(f'''
            {when(not self.needs.gradients, "@torch.inference_mode()")}
            def predictions(model: {self.network}, fields: Fields, samples: Samples) -> Iterator[str]:
                """A line of text for each sample."""
                {when(draws, draws_line)}
                {"    " if draws else ""}{forward}
                {when(numbers, f"numbers = {{name: {values}{array} for name in NAMES}}")}
                {when(in_units, "for name, unit in UNITS.items():")}
                {when(in_units, f"    {in_unit}")}
                for number in range(len(samples)):
                    parts = []
                    {when(classes, f"probabilities = {scores}[number].softmax(0)")}
                    {when(classes, "best = int(probabilities.argmax())")}
                    {when(classes, "if probabilities.isnan().any():")}
                    {when(classes, f"    samples.refusals.append({refusal})")}
                    {when(classes, "    continue")}
                    {when(classes, "name = CLASSES[best] if best < len(CLASSES) else best")}
                    {when(classes, 'parts.append(f"{name}  {float(probabilities[best]):.1%}")')}
                    {when(numbers, "for name, values in numbers.items():")}
                    {when(numbers, '    text = " ".join(f"{value:.5g}" for value in values[number].flatten())')}
                    {when(numbers, "    parts.append(NAMES[name].format(text))")}
                    yield f"{{samples.place(number)}}: {{'  '.join(parts)}}"
            ''')

    def _write_main(self, out: Writer) -> None:
        left_out = 'print(f"{options.file}: {files} not read as an image", file=sys.stderr)'
        out.code(f'''
            def main() -> None:
                """Read the options and print a prediction for each sample."""
                parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
                parser.add_argument("file", type=Path, help="new samples, in the format of the training data")
                parser.add_argument("--weights", default=WEIGHTS, help="the weights to use, a safetensors file")
                options = parser.parse_args()
                model = {self.network}().eval()
                try:
                    {self.loading[1]}
                except (OSError, RuntimeError, SafetensorError) as error:
                    reason = " ".join(str(error).split())[:300]
                    sys.exit(f"{{options.weights}}: cannot be loaded as weights; run train.py first: {{reason}}")
                try:
                    fields, samples = read(options.file)
                except DataError as error:
                    sys.exit(str(error))
                {when(self.new_samples.image, "for files in samples.left_out:")}
                {when(self.new_samples.image, f"    {left_out}")}
                for line in predictions(model, fields, samples) if len(samples) else ():
                    print(line)
                for refusal in samples.refusals:
                    print(f"{{refusal.place}}: no prediction: {{refusal.reason}} {{refusal.hint}}", file=sys.stderr)
                if samples.refusals:
                    sys.exit(1)


            if __name__ == "__main__":
                main()
            ''')


def _format(answer: AnswerDescription) -> str:
    """The text of an output, with a place for its numbers."""
    name = answer.name.replace("{", "{{").replace("}", "}}")
    measure = f" {answer.measure}" if answer.measure else ""
    return f"{name} {{}}{measure}" + (f" ({answer.note})" if answer.note else "")


def text_without_inputs(project: Project) -> str:
    """The file of a network that takes no data."""
    other = "python generate.py makes samples" if project.generation else "there are no samples to ask it about"
    out = Writer()
    out.code(f'''
        """Explains that {project.main}, the network of model.py, makes no predictions."""

        import sys

        sys.exit({quote(f"{project.main} takes no data, so it makes no predictions: {other}.")})
        ''')
    return out.source().text
