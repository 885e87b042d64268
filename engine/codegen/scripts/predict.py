"""The stand-alone ``predict.py`` of an export: weights and a file in, answers out, without the app."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.codegen.literals import literal, quoted
from engine.codegen.scripts import table
from engine.codegen.scripts.answers import Comparison
from engine.codegen.scripts.data import DataCode
from engine.codegen.scripts.known import Change, Wanted, changes
from engine.codegen.snippets import copied, import_lines, names_read, network_name
from engine.codegen.source import Writer
from engine.graph.model import Project

Columns = tuple[tuple[str, tuple[str, ...]], ...]
CONSTANTS = ("ARRAYS", "BACKGROUND", "CLASSES", "LEVELS", "NAMES", "SHAPES", "TABLE", "UNITS", "WHOLE")
OWN_NAMES = (*CONSTANTS, "Path")


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """How an output is printed: its ``key`` in the network, empty for a single one, its ``name``, and its ``unit``.

    ``unit``: the values of its `resources.snippets.units.Unit`, empty where that is not known. ``note``: says so.
    ``measure``: what is written behind its numbers.
    """

    key: str
    name: str
    unit: tuple[Value, ...] = ()
    note: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class PredictFacts:
    """What the script must know beside the project.

    ``inputs``: the fields the network takes, with the shape of a row; ``whole``: those of whole numbers. ``figures``:
    what each fitted transform took from the training rows, by name, nested as the array is. ``columns``: of a table.
    ``answers``: how the outputs are printed. ``most``: how many whole numbers the network has places for, by field.
    ``decisions``: how the reader of the data treated the files. ``form``: how a table is written.
    """

    inputs: tuple[tuple[str, tuple[int, ...]], ...]
    whole: tuple[str, ...]
    comparison: Comparison | None
    class_names: tuple[str, ...]
    figures: tuple[tuple[tuple[str, Value], ...], ...]
    columns: Columns = ()
    answers: tuple[AnswerFacts, ...] = ()
    most: tuple[tuple[str, int], ...] = ()
    decisions: Mapping[str, Value] = field(default_factory=dict)
    form: table.Form = field(default_factory=dict)


def _mapping(values: Mapping[str, Value]) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {literal(value)}" for name, value in values.items()) + "}"


class PredictCode:
    """Writes the file, which uses ``model.py`` and ``data.py``."""

    def __init__(self, project: Project, facts: PredictFacts, data: DataCode) -> None:
        self.project, self.facts, self.data = project, facts, data
        names = {name for name, _ in facts.inputs}
        pairs = zip(changes(project.data, random=False), facts.figures, strict=True)
        every = list(pairs)
        self.changes = [(change, figures) for change, figures in every if change.field in names]
        asked = {str(answer.unit[0]) for answer in facts.answers if answer.unit}
        self.undone = [(change, figures) for change, figures in every if change.field in asked and change.can_be_undone]
        images = [(name, shape) for name, shape in facts.inputs if len(shape) == 3 and shape[0] in (1, 3)]
        self.image = images[0] if len(facts.inputs) == 1 and images else None
        self.network = project.main
        is_filled = any(change.name == "fill_missing" for change, _ in self.changes)
        is_table = bool(facts.columns) and names == {"features"}
        known = facts.form or table.plain_form(facts.columns)
        self.form = table.new_form(known, is_filled=is_filled) if is_table else {}

    def text(self) -> str:
        """The file."""
        copy = copied(self._wanted(), after=self.data.copy)
        self.network = network_name(self.project.main, {*copy.names, *OWN_NAMES})
        body = Writer()
        self._write_constants(body)
        if copy.text:
            body.heading("How new samples are read")
            body.blank(2)
            body.paste(copy.text)
        body.heading("Questions and answers")
        for write in (self._write_read, *([self._write_undo] if self.undone else []), self._write_main):
            body.blank(2)
            write(body)
        body.blank(2)
        body.write('if __name__ == "__main__":')
        body.write("main()", 4)
        written = body.source().text
        own = {("argparse", "", "argparse"), ("sys", "", "sys"), ("pathlib", "Path", "Path"), ("torch", "", "torch")}
        own |= {("numpy", "", "np"), ("safetensors.torch", "load_file", "load_file")}
        own |= {("functools", "partial", "partial")} if self.undone else set()
        shared = {("data", name, name) for name in names_read(written) & self.data.copy.names}
        name = self.project.main
        out = Writer()
        out.code(f'''
            """Asks {name}, the network of model.py, about new data.

            Takes {self._takes()}:

                python predict.py FILE [--weights FILE]
            """
            ''')
        out.blank()
        out.paste("\n".join(import_lines({*copy.imports, *own})))
        out.blank()
        out.paste("\n".join(import_lines({*shared, ("model", name, self.network)})))
        out.blank()
        return out.source().text + written

    def _takes(self) -> str:
        kinds = (["an image or a folder of images"] if self.image else []) + (["a CSV table"] if self.form else [])
        kinds += ["an IDX file"] if self._is_idx else []
        return " or ".join([*kinds, "an NPZ file of arrays"])

    def _wanted(self) -> Iterator[Wanted]:
        yield "samples", "DataError"
        yield "samples", "Samples"
        yield "samples", "typed"
        yield "plain_arrays", "read_stored"
        if self.image:
            yield "image.new", "read_new_images"
        if self._is_idx:
            yield "idx", "read_idx_images"
        if self.facts.most:
            yield "samples", "without_outside"
        if self.form:
            yield from table.wanted(self.form, "read_new_table")
        for change, _ in self.changes:
            yield change.snippet, change.name
        for change, _ in self.undone:
            yield change.snippet, f"undo_{change.name}"
            yield "units", "answers_in_unit"

    def _write_constants(self, out: Writer) -> None:
        shapes = ", ".join(f"{quoted(name)}: {literal(shape)}" for name, shape in self.facts.inputs)
        out.write(f"SHAPES = {{{shapes}}}", comment="of one row of each field the network takes")
        out.write(f"WHOLE = {literal(self.facts.whole)}", comment="of whole numbers, the others take fractions")
        self._write_decisions(out)
        if self._has_classes:
            out.write(f"CLASSES = {literal(self.facts.class_names)}")
        names = ", ".join(f"{quoted(each.key)}: {quoted(_shown(each))}" for each in self._quantities())
        out.write(f"NAMES = {{{names}}}", comment="of the answers that are numbers")
        if self.undone:
            fields = {change.field for change, _ in self.undone}
            known = [each for each in self._quantities() if each.unit and each.unit[0] in fields]
            units = ", ".join(f"{quoted(each.key)}: {literal(each.unit)}" for each in known)
            out.write(f"UNITS = {{{units}}}", comment="of a field, and the shape of its samples")
        if self.form:
            out.write(table.form_text(self.form), comment="how the data that it learned from is written")

    def _write_decisions(self, out: Writer) -> None:
        """How the training data was read, for new files."""
        decisions = self.facts.decisions
        arrays = decisions if self.project.data.kind == "Npz" else {}
        plans = {name: arrays[name] for name, _ in self.facts.inputs if name in arrays}
        out.write(f"ARRAYS = {_mapping(plans)}", comment="channels, white, whether a number, type as stored")
        if self.image and self._levels is not None:
            out.write(f"BACKGROUND = {quoted(str(decisions['background']))}", comment="of transparent images")
            out.write(f"LEVELS = {_mapping(self._levels)}", comment="black and white of deep images")

    @property
    def _levels(self) -> dict[str, Value] | None:
        """Black and white of deep images, where the training data was a folder of images."""
        pairs = self.facts.decisions.get("levels")
        if self.project.data.kind != "ImageFolder" or not isinstance(pairs, tuple):
            return None
        return {str(pair[0]): pair[1] for pair in pairs if isinstance(pair, tuple)}

    @property
    def _is_idx(self) -> bool:
        return self.image is not None and self.project.data.kind == "Idx"

    @property
    def _has_classes(self) -> bool:
        return bool(self.facts.comparison and self.facts.class_names)

    def _quantities(self) -> list[AnswerFacts]:
        """The answers that are printed as numbers: beside a class only those whose unit is known."""
        return [each for each in self.facts.answers if each.unit or not self._has_classes]

    def _write_read(self, out: Writer) -> None:
        out.write("def read(path: Path) -> tuple[dict[str, torch.Tensor], Samples]:")
        out.write('"""The rows of a file, and their fields, transformed as the training rows were."""', 4)
        if self.form:
            out.write('if path.suffix.lower() != ".npz":', 4)
            out.write(f"rows = {table.call(self.form, 'read_new_table', 'str(path)')}", 8)
            out.write("else:", 4)
            out.write("rows = read_stored(path, tuple(SHAPES), ARRAYS)", 8)
        elif self.image:
            name, shape = self.image
            fit = str(self.project.data.params.get("fit", "crop"))
            out.write('if path.suffix.lower() == ".npz":', 4)
            out.write("rows = read_stored(path, tuple(SHAPES), ARRAYS)", 8)
            if self._is_idx:
                self._write_read_idx(out, name)
            out.write("else:", 4)
            how = "" if self._levels is None else ", BACKGROUND, LEVELS"
            out.write(f"rows = read_new_images(path, {quoted(name)}, {literal(shape)}, {quoted(fit)}{how})", 8)
        else:
            out.write("rows = read_stored(path, tuple(SHAPES), ARRAYS)", 4)
        if self.facts.most:
            out.write(f"rows = without_outside(rows, {_mapping(dict(self.facts.most))})", 4)
        out.write("fields = {name: rows.fields[name] for name in SHAPES if name in rows.fields}", 4)
        out.write("for name, shape in SHAPES.items():", 4)
        out.write("if name not in fields or fields[name].shape[1:] != shape:", 8)
        out.write('raise DataError(f"{path}: needs rows of {name} of shape {shape}.")', 12)
        out.write('fields[name] = typed(fields[name], name in WHOLE, f"{path}, field {name}")', 8)
        for change, figures in self.changes:
            self._write_change(out, change, figures)
        out.write("return {name: torch.from_numpy(np.ascontiguousarray(fields[name])) for name in fields}, rows", 4)

    def _write_read_idx(self, out: Writer, field: str) -> None:
        decided = self.facts.decisions
        how = "".join(f", {key}={literal(decided[key])}" for key in ("is_last", "levels") if key in decided)
        out.write('elif path.suffix.lower() == ".gz" or ".idx" in path.name.lower() or "ubyte" in path.name:', 4)
        out.write(f"rows = Samples({{{quoted(field)}: read_idx_images(path{how})}})", 8)

    def _write_change(self, out: Writer, change: Change, figures: tuple[tuple[str, Value], ...]) -> None:
        field = f"fields[{quoted(change.field)}]"
        for name, values in figures:
            out.write(f"{name} = {literal(values)}", 4)
        passed = ", ".join(f"{name}=np.array({name}, np.float32)" for name, _ in figures)
        out.write(f"{field} = {change.name}({field}, {passed})", 4)

    def _write_undo(self, out: Writer) -> None:
        out.write("def undo() -> dict[str, list[Undo]]:")
        out.write('"""What undoes the transforms of fields that are answered, the last one first."""', 4)
        fields = dict.fromkeys(change.field for change, _ in self.undone)
        out.write(f"steps: dict[str, list[Undo]] = {{name: [] for name in {literal(tuple(fields))}}}", 4)
        for change, figures in self.undone:
            for name, values in figures:
                out.write(f"{name} = np.array({literal(values)}, np.float32)", 4)
            passed = ", ".join(f"{name}={name}" for name, _ in figures)
            undone = f"partial(undo_{change.name}, {passed})"
            out.write(f"steps[{quoted(change.field)}].insert(0, {undone})", 4)
        out.write("return steps", 4)

    def _write_weights(self, out: Writer) -> None:
        out.write("def weights() -> Path:")
        out.write('"""Where the weights lie: those that came along, else those that train.py made."""', 4)
        out.write('came = Path(__file__).parent / "weights.safetensors"', 4)
        out.write('return came if came.exists() else came.with_name("trained.safetensors")', 4)
        out.blank(2)

    def _write_main(self, out: Writer) -> None:
        self._write_weights(out)
        out.write("def main() -> None:")
        out.write('"""Read the options and print an answer a row."""', 4)
        out.write("parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])", 4)
        out.write('parser.add_argument("file", type=Path, help="rows to ask about, as the data had them")', 4)
        out.write('parser.add_argument("--weights", default=weights(), help="those to ask, as safetensors")', 4)
        out.write("options = parser.parse_args()", 4)
        out.write(f"model = {self.network}()", 4)
        out.write("model.load_state_dict(load_file(options.weights))", 4)
        out.write("model.eval()", 4)
        out.write("try:", 4)
        out.write("fields, rows = read(options.file)", 8)
        out.write("except DataError as error:", 4)
        out.write("sys.exit(str(error))", 8)
        if self.image:
            out.write("for files in rows.left_out:", 4)
            out.write('print(f"{options.file}: {files} not read as an image", file=sys.stderr)', 8)
        out.write("for each in rows.refused:", 4)
        out.write('print(f"{each.place}: not answered: {each.reason} {each.hint}", file=sys.stderr)', 8)
        out.write("if len(rows):", 4)
        out.write("answer(model, fields, rows)", 8)
        out.write("if rows.refused:", 4)
        out.write("sys.exit(1)", 8)
        out.blank(2)
        out.write(f"def answer(model: {self.network}, fields: dict[str, torch.Tensor], rows: Samples) -> None:")
        out.write('"""Print an answer a row."""', 4)
        passed = ", ".join(f"{name}=fields[{quoted(name)}]" for name, _ in self.facts.inputs)
        out.write("with torch.inference_mode():", 4)
        out.write(f"outputs = model({passed})", 8)
        if self._quantities() or not self._has_classes:
            out.write('named = outputs if isinstance(outputs, dict) else {"": outputs}', 4)
            out.write("numbers = {name: named[name].numpy() for name in NAMES}", 4)
        if self.undone:
            out.write("back = undo()", 4)
            out.write("for name, unit in UNITS.items():", 4)
            out.write("numbers[name] = answers_in_unit(numbers[name], Unit(*unit), back[unit[0]])", 8)
        out.write("for number in range(len(rows)):", 4)
        out.write("parts = []", 8)
        if self._has_classes and self.facts.comparison:
            output = self.facts.comparison.output
            scores = "outputs" if output is None else f"outputs[{quoted(output)}]"
            out.write(f"row = {scores}[number].softmax(0)", 8)
            out.write("best = int(row.argmax())", 8)
            out.write("name = CLASSES[best] if best < len(CLASSES) else best", 8)
            out.write('parts.append(f"{name}  {float(row[best]):.1%}")', 8)
        if self._quantities() or not self._has_classes:
            out.write("for name, values in numbers.items():", 8)
            out.write('shown = " ".join(f"{value:.5g}" for value in values[number].flatten().tolist())', 12)
            out.write("parts.append(NAMES[name].format(shown))", 12)
        out.write("print(f\"{rows.place(number)}: {'  '.join(parts)}\")", 8)


def _shown(answer: AnswerFacts) -> str:
    """The text of an answer, with a place for its numbers."""
    name = answer.name.replace("{", "{{").replace("}", "}}")
    measure = f" {answer.measure}" if answer.measure else ""
    return f"{name} {{}}{measure}" + (f" ({answer.note})" if answer.note else "")
