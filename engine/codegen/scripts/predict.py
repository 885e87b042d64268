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

CONSTANTS = (
    "ARRAYS",
    "CLASSES",
    "INTEGERS",
    "MEASURES",
    "NAMES",
    "NOTES",
    "READING",
    "SHAPES",
    "TABLE",
    "THRESHOLD",
    "UNDO",
    "UNITS",
    "WEIGHTS",
    "WRITERS",
)
OWN_NAMES = (*CONSTANTS, "Path")
IMAGE_AXES = 3  # channels, height, width
WHOLE = 2  # parts of the unit of an output that is a whole sample of its field


class PredictCode:
    """Writes the file, which uses ``model.py``, ``data.py`` and ``reading.py``."""

    def __init__(self, project: Project, description: PredictDescription, data: DataCode, needs: Needs) -> None:
        self.project, self.description, self.data, self.needs = project, description, data, needs
        self.new_samples = NewSamplesCode(project, description)
        self.network = project.main
        self.loading = loading(project)
        self.modules = data.modules.with_module("answers", self._answer_snippets())

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
        copy = copy_snippets(self._snippet_names(), after=self.modules.last)
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
        own = self.modules.imports(names) | {("model", self.project.main, self.network)}
        own |= {("data", name, name) for name in names & self.data.constants}
        out = Writer()
        out.code(f'''
            """Predicts with {self.project.main}, the network of model.py, for new samples.

            Takes {self.new_samples.files}:

                python predict.py FILE [-o FILE] [--json] [--weights FILE]
                {when(self._takes_rows, "python predict.py --row NAME=VALUE,NAME=VALUE")}
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
        yield "dataclasses", "replace", "replace"
        yield "pathlib", "Path", "Path"
        yield "numpy", "", "np"
        yield "torch", "", "torch"
        yield "safetensors", "SafetensorError", "SafetensorError"
        yield "safetensors.torch", self.loading[0], self.loading[0]
        if self.new_samples.output_transforms:
            yield "functools", "partial", "partial"
        if self.transforms_json:
            yield "json", "", "json"

    @property
    def _extras(self) -> dict[str, str]:
        """What is known of the numeric outputs beside their names, by its field, each with a comment."""
        comments = {"note": "the unit of outputs that have none of the data", "measure": "the sign behind the numbers"}
        return {
            name: text for name, text in comments.items() if any(getattr(each, name) for each in self._numeric_outputs)
        }

    @property
    def _takes_rows(self) -> bool:
        return bool(self.new_samples.form)

    @property
    def _gives_images(self) -> bool:
        """Whether an output is, in the unit of the data, an image."""
        shapes = (each.unit[1] for each in self._numeric_outputs if len(each.unit) == WHOLE)
        return any(isinstance(shape, tuple) and len(shape) == IMAGE_AXES for shape in shapes)

    def _answer_snippets(self) -> Iterator[SnippetName]:
        yield "answers.predictions", "Prediction"
        yield "answers.predictions", "ANSWER_FILES"
        yield "answers.predictions", "give_answers"
        yield "answers.predictions", "with_refusals"
        if self._gives_images:
            yield "answers.picture", "answers_picture"
        if self._has_classes:
            yield "answers.predictions", "map_answer" if self.description.is_map else "class_answer"
        if self._takes_rows:
            yield "table.typed_row", "read_row"

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
        if self.description.threshold is not None:
            out.write(f"THRESHOLD = {self.description.threshold!r}", comment="above it, the second class is predicted")
        if self._numeric_outputs:
            names = {each.key: each.name for each in self._numeric_outputs}
            out.write(f"NAMES = {nested_literal(names)}", comment="the name of each numeric output")
            for name, comment in self._extras.items():
                values = {each.name: getattr(each, name) for each in self._numeric_outputs if getattr(each, name)}
                out.write(f"{name.upper()}S = {nested_literal(values)}", comment=comment)
        if self.new_samples.output_transforms:
            fields = {each.change.field for each in self.new_samples.output_transforms}
            units = {each.key: each.unit for each in self._numeric_outputs if each.unit and each.unit[0] in fields}
            out.write(f"UNITS = {nested_literal(units)}", comment="the field in whose unit an output is, and its shape")
        if form and table.NAME not in self.data.constants:
            out.constant(table.NAME, table.form_text(form), "the format of the table")
        if commas := self.description.decimal_commas:
            out.constant("COMMAS", literal(commas), "the columns whose numbers have a decimal comma")
        picture = '{**ANSWER_FILES, ".png": answers_picture}'
        out.write(f"WRITERS = {picture if self._gives_images else 'ANSWER_FILES'}", comment="by the ending of a file")
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
        in_unit = "numbers[name] = output_in_unit(numbers[name], Unit(*unit), UNDO[unit[0]])"
        lost = f'("{NO_NUMBER}", "{TOO_LARGE}")'
        rows = "row = {title: numbers[name][number].ravel().tolist() for name, title in NAMES.items()}"
        shapes = ["shapes={title: numbers[name].shape[1:] for name, title in NAMES.items()}"]
        extras = [f"{each}s={each.upper()}S" for each in self._extras] + (shapes if self._gives_images else [])
        arguments_of_answer = ", ".join(["values=[*row.items()]", *extras])
        single, threshold = self.description.single_score, self.description.threshold
        sigmoid = "" if single == "probabilities" else ".sigmoid()"
        shares = "[1 - yes, yes]" if single else f"{scores}[number].softmax(0).tolist()"
        lost += "" if threshold is None else ", THRESHOLD"
        answer = f"class_answer(place, number, {shares}, CLASSES, {lost})"
        if self.description.is_map:
            answer = f"map_answer(place, number, {scores}[number]{array}, CLASSES, {lost})"
        out.code(f'''
            {when(not self.needs.gradients, "@torch.inference_mode()")}
            def predictions(model: {self.network}, fields: Fields, samples: Samples) -> Iterator[Prediction]:
                """The answer for each sample."""
                {when(draws, draws_line)}
                {"    " if draws else ""}{forward}
                {when(numbers, f"numbers = {{name: {values}{array} for name in NAMES}}")}
                {when(in_units, "for name, unit in UNITS.items():")}
                {when(in_units, f"    {in_unit}")}
                for number in range(len(samples)):
                    place = samples.place(number)
                    {when(numbers, rows)}
                    {when(classes and single, f"yes = {scores}[number]{sigmoid}.item()")}
                    {when(classes, f"answer = {answer}")}
                    {when(classes and numbers, f"yield replace(answer, {arguments_of_answer})")}
                    {when(classes and not numbers, "yield answer")}
                    {when(not classes, f"yield Prediction(place, {arguments_of_answer})")}
            ''')

    def _write_main(self, out: Writer) -> None:
        left_out = 'print(f"{options.file}: {files} not read as an image", file=sys.stderr)'
        rows, row = (
            self._takes_rows,
            'parser.add_argument("--row", help="a row instead: NAME=VALUE,NAME=VALUE, or JSON")',
        )
        check = "if (options.file is None) == (options.row is None):"
        wrong = 'parser.error("give either a file or --row NAME=VALUE,NAME=VALUE")'
        read_row = f"read_row(options.row, read{', COMMAS' if self.description.decimal_commas else ''})"
        maybe = 'nargs="?", ' if rows else ""
        endings = ", ".join([".csv, .json, .txt", *([".png"] if self._gives_images else [])])
        out.code(f'''
            def main() -> None:
                """Read the options, and print or write a prediction for each sample."""
                parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
                parser.add_argument("file", {maybe}type=Path, help="new samples, in the format of the training data")
                {when(rows, row)}
                parser.add_argument("-o", "--output", type=Path, help="file to write: {endings}")
                parser.add_argument("--json", action="store_true", help="print them as JSON")
                parser.add_argument("--weights", default=WEIGHTS, help="the weights to use, a safetensors file")
                options = parser.parse_args()
                {when(rows, check)}
                {when(rows, f"    {wrong}")}
                if options.output and options.output.suffix.lower() not in WRITERS:
                    parser.error("the name of the output must end in {endings}")
                model = {self.network}().eval()
                try:
                    {self.loading[1]}
                except (OSError, RuntimeError, SafetensorError) as error:
                    reason = " ".join(str(error).split())[:300]
                    sys.exit(f"{{options.weights}}: cannot be loaded as weights; run train.py first: {{reason}}")
                try:
                    {when(rows, "if options.row:")}
                    {when(rows, f"    fields, samples = {read_row}")}
                    {when(rows, "else:")}
                    {when(rows, "    fields, samples = read(options.file)")}
                    {when(not rows, "fields, samples = read(options.file)")}
                except DataError as error:
                    sys.exit(str(error))
                {when(self.new_samples.image, "for files in samples.left_out:")}
                {when(self.new_samples.image, f"    {left_out}")}
                found = predictions(model, fields, samples) if len(samples) else iter(())
                answers = with_refusals(found, samples.refusals, len(samples))
                give_answers(answers, options.output, WRITERS, as_json=options.json)


            if __name__ == "__main__":
                main()
            ''')


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
