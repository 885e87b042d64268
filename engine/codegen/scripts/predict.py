"""The stand-alone ``predict.py`` of an export: weights and a file in, answers out, without the app."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.catalog.params import Value
from engine.codegen.literals import literal, quoted
from engine.codegen.scripts.answers import Comparison
from engine.codegen.scripts.data import Change, Wanted, changes
from engine.codegen.snippets import copied, import_lines, network_name
from engine.codegen.source import Writer
from engine.graph.model import Project

Columns = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PredictFacts:
    """What the script must know beside the project.

    ``inputs``: the fields the network takes, with the shape of a row; ``whole``: those of whole numbers. ``figures``:
    what each fitted transform took from the training rows, by name, nested as the array is. ``columns``: of a table.
    """

    inputs: tuple[tuple[str, tuple[int, ...]], ...]
    whole: tuple[str, ...]
    comparison: Comparison | None
    class_names: tuple[str, ...]
    figures: tuple[tuple[tuple[str, Value], ...], ...]
    columns: Columns = ()


def predict_script(project: Project, facts: PredictFacts) -> str:
    """The text."""
    return _PredictScript(project, facts).text()


class _PredictScript:
    def __init__(self, project: Project, facts: PredictFacts) -> None:
        self.project, self.facts = project, facts
        names = {name for name, _ in facts.inputs}
        pairs = zip(changes(project.data, random=False), facts.figures, strict=True)
        self.changes = [(change, figures) for change, figures in pairs if change.field in names]
        images = [(name, shape) for name, shape in facts.inputs if len(shape) == 3 and shape[0] in (1, 3)]
        self.image = images[0] if len(facts.inputs) == 1 and images else None
        self.network = project.main
        self.table = bool(facts.columns) and names == {"features"}

    def text(self) -> str:
        copy = copied(self._wanted())
        self.network = network_name(self.project.main, {*copy.names, "CLASSES", "COLUMNS", "SHAPES", "WHOLE", "Path"})
        body = Writer()
        self._write_constants(body)
        body.blank(2)
        body.paste(copy.text)
        for write in (self._write_read, self._write_main):
            body.blank(2)
            write(body)
        body.blank(2)
        body.write('if __name__ == "__main__":')
        body.write("main()", 4)
        own = {("argparse", "", "argparse"), ("sys", "", "sys"), ("pathlib", "Path", "Path"), ("torch", "", "torch")}
        own |= {("numpy", "", "np"), ("safetensors.torch", "load_file", "load_file")}
        lines = import_lines({*copy.imports, *own})
        name = self.project.main
        head = [
            f'"""Asks {name}, the network of model.py, about new data.',
            "",
            f"Takes {self._takes()}:",
            "",
            "    python predict.py FILE [--weights FILE]",
            '"""',
            "",
            *lines,
            "",
            *import_lines({("model", name, self.network)}),
            "",
        ]
        return "\n".join(head) + "\n" + body.source().text

    def _takes(self) -> str:
        kinds = (["an image or a folder of images"] if self.image else []) + (["a CSV table"] if self.table else [])
        return " or ".join([*kinds, "an NPZ file of arrays"])

    def _wanted(self) -> Iterator[Wanted]:
        yield "rows", "DataError"
        yield "rows", "typed"
        yield "arrays", "load_npz"
        if self.image:
            yield "folder", "list_images"
            yield "folder", "read_image"
        if self.table:
            yield "tables", "load_csv_features"
        for change, _ in self.changes:
            yield change.snippet, change.name

    def _write_constants(self, out: Writer) -> None:
        shapes = ", ".join(f"{quoted(name)}: {literal(shape)}" for name, shape in self.facts.inputs)
        out.write(f"SHAPES = {{{shapes}}}", comment="of one row of each field the network takes")
        out.write(f"WHOLE = {literal(self.facts.whole)}", comment="of whole numbers, the others take fractions")
        if self._has_classes:
            out.write(f"CLASSES = {literal(self.facts.class_names)}")
        if self.table:
            out.write(f"COLUMNS = {literal(self.facts.columns)}", comment="each with its categories")

    @property
    def _has_classes(self) -> bool:
        return bool(self.facts.comparison and self.facts.comparison.is_class and self.facts.class_names)

    def _write_read(self, out: Writer) -> None:
        out.write("def read(path: Path) -> tuple[dict[str, torch.Tensor], list[str]]:")
        out.write('"""The rows of a file, transformed as the training rows were, and where each came from."""', 4)
        if self.table:
            out.write('if path.suffix.lower() in (".csv", ".tsv", ".txt"):', 4)
            filled = any(change.name == "fill_missing" for change, _ in self.changes)
            out.write(f"rows = load_csv_features(path, COLUMNS, {quoted('mean' if filled else 'refuse')})", 8)
            out.write("else:", 4)
            out.write("rows = load_npz(path, tuple(SHAPES))", 8)
        elif self.image:
            name, (channels, height, width) = self.image[0], self._image_shape()
            fit = str(self.project.data.params.get("fit", "crop"))
            colours = "rgb" if channels == 3 else "grey"
            out.write('if path.suffix.lower() == ".npz":', 4)
            out.write("rows = load_npz(path, tuple(SHAPES))", 8)
            out.write("else:", 4)
            out.write("files = list_images(path) if path.is_dir() else [path]", 8)
            made = f"read_image(file, {height}, {width}, {quoted(colours)}, {quoted(fit)})"
            out.write(f"images = np.stack([{made} for file in files])", 8)
            out.write(f"rows = Rows({{{quoted(name)}: images}}, places=[str(file) for file in files])", 8)
        else:
            out.write("rows = load_npz(path, tuple(SHAPES))", 4)
        out.write("fields = {name: rows.fields[name] for name in SHAPES if name in rows.fields}", 4)
        out.write("for name, shape in SHAPES.items():", 4)
        out.write("if name not in fields or fields[name].shape[1:] != shape:", 8)
        out.write('raise DataError(f"{path}: needs rows of {name} of shape {shape}.")', 12)
        out.write('fields[name] = typed(fields[name], name in WHOLE, f"{path}, field {name}")', 8)
        for change, figures in self.changes:
            self._write_change(out, change, figures)
        out.write("places = [rows.place(row) for row in range(len(rows))]", 4)
        out.write("return {name: torch.from_numpy(np.ascontiguousarray(fields[name])) for name in fields}, places", 4)

    def _image_shape(self) -> tuple[int, int, int]:
        shape = self.image[1] if self.image else (0, 0, 0)
        return shape[0], shape[1], shape[2]

    def _write_change(self, out: Writer, change: Change, figures: tuple[tuple[str, Value], ...]) -> None:
        field = f"fields[{quoted(change.field)}]"
        for name, values in figures:
            out.write(f"{name} = {literal(values)}", 4)
        passed = ", ".join(f"{name}=np.array({name}, np.float32)" for name, _ in figures)
        out.write(f"{field} = {change.name}({field}, {passed})", 4)

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
        out.write("fields, places = read(options.file)", 8)
        out.write("except DataError as error:", 4)
        out.write("sys.exit(str(error))", 8)
        passed = ", ".join(f"{name}=fields[{quoted(name)}]" for name, _ in self.facts.inputs)
        out.write("with torch.inference_mode():", 4)
        out.write(f"outputs = model({passed})", 8)
        if self._has_classes and self.facts.comparison:
            output = self.facts.comparison.output
            scores = "outputs" if output is None else f"outputs[{quoted(output)}]"
            out.write(f"for place, row in zip(places, {scores}.softmax(1), strict=True):", 4)
            out.write("best = int(row.argmax())", 8)
            out.write("name = CLASSES[best] if best < len(CLASSES) else best", 8)
            out.write('print(f"{place}: {name}  {float(row[best]):.1%}")', 8)
            return
        out.write('named = outputs if isinstance(outputs, dict) else {"output": outputs}', 4)
        out.write("for number, place in enumerate(places):", 4)
        out.write("answers = {name: values[number].tolist() for name, values in named.items()}", 8)
        out.write('print(f"{place}: {answers}")', 8)
