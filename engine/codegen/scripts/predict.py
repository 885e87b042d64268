"""The stand-alone ``predict.py`` of an export: weights and a file in, answers out, without the app."""

import json
from collections.abc import Iterator

from engine.catalog.data.datasets import storage
from engine.codegen.comparisons import NO_NUMBER, TOO_LARGE
from engine.codegen.expression import COUNT
from engine.codegen.literals import literal, nested, quote
from engine.codegen.needs import Needs
from engine.codegen.scripts import readers, table
from engine.codegen.scripts.data import DataCode
from engine.codegen.scripts.data_description import SnippetName, changes
from engine.codegen.scripts.modules import import_text, is_long
from engine.codegen.scripts.prediction import AnswerDescription, Fitted, PredictDescription
from engine.codegen.snippets import Import, copy_snippets, names_read, network_name
from engine.codegen.source import Writer, when
from engine.graph.model import Project

CONSTANTS = ("ARRAYS", "CLASSES", "NAMES", "SHAPES", "TABLE", "UNDO", "UNITS", "WEIGHTS", "WHOLE")
OWN_NAMES = (*CONSTANTS, "Path")
MOST_NUMBERS = 200  # of a transform, that the script itself holds
FEW_NUMBERS = 10  # where that makes it too long


class PredictCode:
    """Writes the file, which uses ``model.py``, ``data.py`` and ``reading.py``."""

    def __init__(self, project: Project, facts: PredictDescription, data: DataCode, needs: Needs) -> None:
        self.project, self.facts, self.data, self.needs = project, facts, data, needs
        names = {name for name, _ in facts.inputs}
        pairs = zip(changes(project.data, random=False), facts.figures, strict=True)
        self.fitted = [Fitted(change, figures, number) for number, (change, figures) in enumerate(pairs, 1)]
        self.changes = [each for each in self.fitted if each.change.field in names]
        asked = {str(answer.unit[0]) for answer in facts.answers if answer.unit}
        self.undone = [each for each in self.fitted if each.change.field in asked and each.change.can_be_undone]
        self.image, self.form = facts.image, facts.table
        self.network, self.storage = project.main, storage(project.data.kind)
        self._most_numbers = MOST_NUMBERS

    def text(self) -> str:
        """The file."""
        text = self._text()
        if not is_long(text):
            return text
        self._most_numbers = FEW_NUMBERS
        return self._text()

    def _text(self) -> str:
        copy = copy_snippets(self._wanted(), after=self.data.modules.last)
        self.network = network_name(self.project.main, {*copy.names, *OWN_NAMES})
        body = Writer()
        self._write_constants(body)
        if copy.text:
            body.heading("How new samples are read")
            body.blank(2)
            body.paste(copy.text)
        body.heading("Questions and answers")
        if self._used:
            self._write_fitted(body)
        if self.undone:
            self._write_undo(body)
        for write in (self._write_read, self._write_answers, self._write_main):
            body.blank(2)
            write(body)
        written = body.source().text
        read = names_read(written)
        parts = self.data.modules.imports(read)
        parts |= {("data", name, name) for name in read & self.data.constants}
        name = self.project.main
        out = Writer()
        out.code(f'''
            """Asks {name}, the network of model.py, about new samples.

            Takes {self._takes()}:

                python predict.py FILE [--weights FILE]
            """
            ''')
        out.blank()
        out.paste(import_text({*copy.imports, *self._imports()}, {*parts, ("model", name, self.network)}))
        out.blank()
        return out.source().text + written

    def _imports(self) -> Iterator[Import]:
        yield "argparse", "", "argparse"
        yield "collections.abc", "Iterator", "Iterator"
        yield "sys", "", "sys"
        yield "pathlib", "Path", "Path"
        yield "numpy", "", "np"
        yield "torch", "", "torch"
        yield "safetensors", "SafetensorError", "SafetensorError"
        yield "safetensors.torch", "load_file", "load_file"
        if self.undone:
            yield "functools", "partial", "partial"
        if self.stored:
            yield "json", "", "json"

    def _takes(self) -> str:
        kinds = (["an image or a folder of images"] if self.image else []) + (["a CSV table"] if self.form else [])
        kinds += ["an IDX file"] if self._is_idx else []
        return " or ".join([*kinds, "an NPZ file of arrays"])

    def _wanted(self) -> Iterator[SnippetName]:
        yield "samples", "Samples"
        yield "samples", "typed"
        yield "plain.arrays", "read_stored"
        if self.needs.draws:
            yield "training.draws", "evaluation_draws"
        if self.image:
            yield "image.new", "read_new_images"
        if self._is_idx:
            yield from readers.IDX
        if self.facts.most:
            yield "samples", "without_outside"
        if self.form:
            yield "plain.table", "read_new_table"
        for each in self.changes:
            yield each.change.snippet, each.change.name
        for each in self.undone:
            yield each.change.snippet, f"undo_{each.change.name}"
            yield "units", "answers_in_unit"

    def _write_constants(self, out: Writer) -> None:
        shapes = dict(self.facts.inputs)
        out.write(f"SHAPES = {nested(shapes)}", comment="of one sample of each field that the network takes")
        out.write(f"WHOLE = {literal(self.facts.whole)}", comment="fields of whole numbers")
        if self._has_classes and "CLASSES" not in self.data.constants:
            out.constant("CLASSES", literal(self.facts.class_names), "by number")
        if self._quantities:
            names = {each.key: _shown(each) for each in self._quantities}
            out.write(f"NAMES = {nested(names)}", comment="of the answers that are numbers")
        if self.undone:
            fields = {each.change.field for each in self.undone}
            units = {each.key: each.unit for each in self._quantities if each.unit and each.unit[0] in fields}
            out.write(f"UNITS = {nested(units)}", comment="the field that an answer is like, and its shape")
        if self.form and table.NAME not in self.data.constants:
            out.constant(table.NAME, table.form_text(self.form), "how tables are written")
        out.code("""
            WEIGHTS = Path(__file__).parent / "weights.safetensors"
            if not WEIGHTS.exists():
                WEIGHTS = WEIGHTS.with_name("trained.safetensors")  # by train.py
            """)

    @property
    def _is_idx(self) -> bool:
        return self.image is not None and self.storage == "idx"

    @property
    def _has_classes(self) -> bool:
        return bool(self.facts.comparison and self.facts.class_names)

    @property
    def _quantities(self) -> list[AnswerDescription]:
        """The answers that are printed as numbers: beside a class only those whose unit is known."""
        return [each for each in self.facts.answers if each.unit or not self._has_classes]

    def _write_read(self, out: Writer) -> None:
        plans = "ARRAYS" if self.storage == "arrays" else "{}"
        arrays, other = f"read_stored(path, tuple(SHAPES), {plans})", self._reader
        most = f"samples = without_outside(samples, {nested(dict(self.facts.most))})"
        idx_name = '".idx" in path.name.lower() or "ubyte" in path.name'
        out.code(f'''
            def read(path: Path) -> tuple[Fields, Samples]:
                """The samples of a file, and their fields, transformed as those of the training were."""
                {when(not other, f"samples = {arrays}")}
                {when(other, 'if path.suffix.lower() == ".npz":')}
                {when(other, f"    samples = {arrays}")}
                {when(self._is_idx, f'elif path.suffix.lower() == ".gz" or {idx_name}:')}
                {when(self._is_idx, f"    samples = {self._idx_reader}")}
                {when(other, "else:")}
                {when(other, f"    samples = {other}")}
                {when(self.facts.most, most)}
                fields = {{}}
                for name, shape in SHAPES.items():
                    if name not in samples.fields or samples.fields[name].shape[1:] != shape:
                        raise DataError(f"{{path}}: needs samples of {{name}} of shape {{shape}}.")
                    fields[name] = typed(samples.fields[name], name in WHOLE, f"{{path}}, field {{name}}")
            ''')
        for each in self.changes:
            name = f"fields[{quote(each.change.field)}]"
            out.write(f"{name} = {each.change.name}({name}, **{each.name})", 4)
        tensors = "{name: torch.from_numpy(np.ascontiguousarray(fields[name])) for name in fields}"
        out.write(f"return {tensors}, samples", 4)

    @property
    def _reader(self) -> str:
        """The call that reads files which are no arrays, if there are such."""
        data, decided = self.project.data, self.facts.decisions
        if self.form:
            is_filled = any(each.change.name == "fill_missing" for each in self.changes)
            shown = table.new_form(is_filled=is_filled)
            return table.call(self.form, "read_new_table", "str(path)", shown)
        if not self.image:
            return ""
        name, shape = self.image
        how = [quote(name), literal(shape), quote(str(data.params.get("fit", "crop")))]
        if self.storage == "images" and "levels" in decided:
            how += [nested(decided["background"]), nested(decided["levels"])]
        return f"read_new_images(path, {', '.join(how)})"

    @property
    def _idx_reader(self) -> str:
        name, decided = (self.image or ("", ()))[0], self.facts.decisions
        how = f"{nested(decided.get('is_last'))}, {nested(decided.get('levels'))}"
        return f"Samples({{{quote(name)}: idx_images(idx_array(path), {how})}})"

    @property
    def _used(self) -> list[Fitted]:
        return [each for each in self.fitted if each in self.changes or each in self.undone]

    @property
    def stored(self) -> str:
        """The text of ``transforms.json``, which holds what is too long for a script; empty where nothing is."""
        found = {each.name: dict(each.figures) for each in self._used if self._is_long(each)}
        return f"{json.dumps(found)}\n" if found else ""

    def _is_long(self, fitted: Fitted) -> bool:
        return fitted.numbers > self._most_numbers

    def _write_fitted(self, out: Writer) -> None:
        out.blank()
        if self.stored:
            out.blank()
            out.code('''
                def stored(name: str) -> dict[str, np.ndarray]:
                    """What a transform found in the training samples."""
                    found = json.loads(Path(__file__).with_name("transforms.json").read_text())[name]
                    return {key: np.array(values, np.float32) for key, values in found.items()}
                ''')
            out.blank(2)
        for each in self._used:
            value = f"stored({quote(each.name)})" if self._is_long(each) else each.value
            out.constant(each.name, value, f"what {each.change.name} found in the training samples")

    def _write_undo(self, out: Writer) -> None:
        fields: dict[str, list[str]] = {}
        for each in self.undone:  # the last one first
            fields.setdefault(each.change.field, []).insert(0, f"partial(undo_{each.change.name}, **{each.name})")
        shown = ", ".join(f"{quote(name)}: [{', '.join(steps)}]" for name, steps in fields.items())
        out.write("# What undoes the transforms of fields that are answered, the last one first.")
        out.write(f"UNDO: dict[str, list[Undo]] = {{{shown}}}")

    def _write_answers(self, out: Writer) -> None:
        passed = [f"{name}=fields[{quote(name)}]" for name, _ in self.facts.inputs]
        passed += [f"{COUNT}=len(samples)"] if self.needs.count else []
        asked, draws = f"outputs = model({', '.join(passed)})", self.needs.draws
        seeded = f'with evaluation_draws({self.project.training.seed}, 0, torch.device("cpu")):'
        plain = ".detach().numpy()" if self.needs.gradients else ".numpy()"
        output = self.facts.comparison.output if self.facts.comparison else None
        scores = "outputs" if output is None else f"outputs[{quote(output)}]"
        numbers, undone, classes = self._quantities, self.undone, self._has_classes
        values = "outputs[name]" if all(each.key for each in numbers) else "outputs"
        lost = f'samples.refused.append(Refused(number, samples.place(number), "{NO_NUMBER}", "{TOO_LARGE}"))'
        back = "numbers[name] = answers_in_unit(numbers[name], Unit(*unit), UNDO[unit[0]])"
        out.code(f'''
            {when(not self.needs.gradients, "@torch.inference_mode()")}
            def answers(model: {self.network}, fields: Fields, samples: Samples) -> Iterator[str]:
                """A line for each sample."""
                {when(draws, seeded)}
                {"    " if draws else ""}{asked}
                {when(numbers, f"numbers = {{name: {values}{plain} for name in NAMES}}")}
                {when(undone, "for name, unit in UNITS.items():")}
                {when(undone, f"    {back}")}
                for number in range(len(samples)):
                    parts = []
                    {when(classes, f"chances = {scores}[number].softmax(0)")}
                    {when(classes, "best = int(chances.argmax())")}
                    {when(classes, "if chances.isnan().any():")}
                    {when(classes, f"    {lost}")}
                    {when(classes, "    continue")}
                    {when(classes, "name = CLASSES[best] if best < len(CLASSES) else best")}
                    {when(classes, 'parts.append(f"{name}  {float(chances[best]):.1%}")')}
                    {when(numbers, "for name, values in numbers.items():")}
                    {when(numbers, '    shown = " ".join(f"{value:.5g}" for value in values[number].flatten())')}
                    {when(numbers, "    parts.append(NAMES[name].format(shown))")}
                    yield f"{{samples.place(number)}}: {{'  '.join(parts)}}"
            ''')

    def _write_main(self, out: Writer) -> None:
        left_out = 'print(f"{options.file}: {files} not read as an image", file=sys.stderr)'
        out.code(f'''
            def main() -> None:
                """Read the options and print an answer for each sample."""
                parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
                parser.add_argument("file", type=Path, help="samples to ask about, written as the data was")
                parser.add_argument("--weights", default=WEIGHTS, help="those to ask, as safetensors")
                options = parser.parse_args()
                model = {self.network}().eval()
                try:
                    model.load_state_dict(load_file(options.weights))
                except (OSError, RuntimeError, SafetensorError) as error:
                    reason = " ".join(str(error).split())[:300]
                    sys.exit(f"{{options.weights}}: cannot be used as weights, which train.py makes: {{reason}}")
                try:
                    fields, samples = read(options.file)
                except DataError as error:
                    sys.exit(str(error))
                {when(self.image, "for files in samples.left_out:")}
                {when(self.image, f"    {left_out}")}
                for line in answers(model, fields, samples) if len(samples) else ():
                    print(line)
                for each in samples.refused:
                    print(f"{{each.place}}: not answered: {{each.reason}} {{each.hint}}", file=sys.stderr)
                if samples.refused:
                    sys.exit(1)


            if __name__ == "__main__":
                main()
            ''')


def _shown(answer: AnswerDescription) -> str:
    """The text of an answer, with a place for its numbers."""
    name = answer.name.replace("{", "{{").replace("}", "}}")
    measure = f" {answer.measure}" if answer.measure else ""
    return f"{name} {{}}{measure}" + (f" ({answer.note})" if answer.note else "")


def text_without_inputs(project: Project) -> str:
    """The file of a network that takes no data."""
    other = "python generate.py makes samples" if project.generation else "there are no samples to ask it about"
    out = Writer()
    out.code(f'''
        """Says why {project.main}, the network of model.py, cannot be asked about samples."""

        import sys

        sys.exit({quote(f"{project.main} takes no data, so it predicts nothing: {other}.")})
        ''')
    return out.source().text
