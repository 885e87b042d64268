"""How ``predict.py`` reads files of new samples, and transforms them as the training samples were."""

import json
from collections.abc import Iterator

from engine.catalog.data.datasets import datasets, storage
from engine.codegen.literals import literal, nested_literal, quote
from engine.codegen.scripts import readers, table
from engine.codegen.scripts.data_description import SnippetName, changes
from engine.codegen.scripts.prediction import FittedTransform, PredictDescription
from engine.codegen.source import Writer, when
from engine.graph.model import Project

MOST_NUMBERS = 200  # of a transform that the script itself contains
FEW_NUMBERS = 10  # where the script would be too long otherwise


class NewSamplesCode:
    """Writes the constants of fitted transforms and the function ``read``.

    ``transforms``: those of the inputs, in order. ``output_transforms``: those that are undone in the outputs.
    ``most_numbers``: a fitted transform with more numbers is in ``transforms.json``.
    """

    def __init__(self, project: Project, description: PredictDescription) -> None:
        self.data, self.description = project.data, description
        self.image, self.form, self.storage = description.image, description.table, storage(project.data.kind)
        self.dataset = datasets()[project.data.kind]
        pairs = zip(changes(project.data, random=False), description.statistics, strict=True)
        every = [FittedTransform(change, statistics, number) for number, (change, statistics) in enumerate(pairs, 1)]
        inputs = {name for name, _ in description.inputs}
        predicted = {str(answer.unit[0]) for answer in description.answers if answer.unit}
        self.transforms = [each for each in every if each.change.field in inputs]
        undoable = (each for each in every if each.change.can_be_undone)
        self.output_transforms = [each for each in undoable if each.change.field in predicted]
        self._used = [each for each in every if each in self.transforms or each in self.output_transforms]
        self.most_numbers = MOST_NUMBERS

    @property
    def files(self) -> str:
        """The kinds of files that can be read, in words."""
        kinds = (["an image or a folder of images"] if self.image else []) + (["a CSV table"] if self.form else [])
        kinds += ["an IDX file"] if self._is_idx else []
        kinds += [self.dataset.new_files] if self.description.new else []
        return " or ".join([*kinds, "an NPZ file of arrays"])

    @property
    def transforms_json(self) -> str:
        """The text of ``transforms.json``, for what is too long for a script; empty where nothing is."""
        values = {each.name: dict(each.statistics) for each in self._used if self._is_long(each)}
        return f"{json.dumps(values)}\n" if values else ""

    def snippet_names(self) -> Iterator[SnippetName]:
        """The snippets that are used."""
        yield "samples", "Samples"
        yield "samples", "as_input"
        yield "known_format.arrays", "read_new_arrays"
        if self.image:
            yield "image.new", "read_new_images"
        if self._is_idx:
            yield from readers.IDX
        if self.description.new:
            module, _, name = self.description.new.partition(":")
            yield module, name
        if self.description.most:
            yield "samples", "without_outside"
        if self.form:
            yield "known_format.table", "read_new_table"
        for each in self.transforms:
            yield each.change.snippet, each.change.name
        for each in self.output_transforms:
            yield each.change.snippet, f"undo_{each.change.name}"
            yield "units", "output_in_unit"

    def write_transforms(self, out: Writer) -> None:
        """Write the constants of fitted transforms."""
        if not self._used:
            return
        out.blank()
        if self.transforms_json:
            out.blank()
            out.code('''
                def stored(name: str) -> dict[str, np.ndarray]:
                    """The values that a transform was fitted with."""
                    values = json.loads(Path(__file__).with_name("transforms.json").read_text())[name]
                    return {key: np.array(value, np.float32) for key, value in values.items()}
                ''')
            out.blank(2)
        for each in self._used:
            value = f"stored({quote(each.name)})" if self._is_long(each) else each.value
            out.constant(each.name, value, f"{each.change.name}, fitted on the training samples")

    def write_undo(self, out: Writer) -> None:
        """Write the constant ``UNDO``."""
        fields: dict[str, list[str]] = {}
        for each in self.output_transforms:  # the last one first
            fields.setdefault(each.change.field, []).insert(0, f"partial(undo_{each.change.name}, **{each.name})")
        entries = ", ".join(f"{quote(name)}: [{', '.join(steps)}]" for name, steps in fields.items())
        out.write("# The functions that undo the transforms of predicted fields, the last transform first.")
        out.write(f"UNDO: dict[str, list[Undo]] = {{{entries}}}")

    def write_read(self, out: Writer) -> None:
        """Write ``read(path)``, which gives the fields and the samples of a file."""
        plans = "ARRAYS" if self.storage == "arrays" else "{}"
        arrays, other = f"read_new_arrays(path, tuple(SHAPES), {plans})", self._reader
        most = f"samples = without_outside(samples, {nested_literal(dict(self.description.most))})"
        idx_name = '".idx" in path.name.lower() or "ubyte" in path.name'
        out.code(f'''
            def read(path: Path) -> tuple[Fields, Samples]:
                """The samples of a file, and their fields as tensors, transformed as the training samples were."""
                {when(not other, f"samples = {arrays}")}
                {when(other, 'if path.suffix.lower() == ".npz":')}
                {when(other, f"    samples = {arrays}")}
                {when(self._is_idx, f'elif path.suffix.lower() == ".gz" or {idx_name}:')}
                {when(self._is_idx, f"    samples = {self._idx_reader}")}
                {when(other, "else:")}
                {when(other, f"    samples = {other}")}
                {when(self.description.most, most)}
                fields = {{}}
                for name, shape in SHAPES.items():
                    if name not in samples.fields or samples.fields[name].shape[1:] != shape:
                        raise DataError(f"{{path}}: needs samples of {{name}} of shape {{shape}}.")
                    fields[name] = as_input(samples.fields[name], name in INTEGERS, f"{{path}}, field {{name}}")
            ''')
        for each in self.transforms:
            name = f"fields[{quote(each.change.field)}]"
            out.write(f"{name} = {each.change.name}({name}, **{each.name})", 4)
        tensors = "{name: torch.from_numpy(np.ascontiguousarray(fields[name])) for name in fields}"
        out.write(f"return {tensors}, samples", 4)

    @property
    def _is_idx(self) -> bool:
        return self.image is not None and self.storage == "idx"

    @property
    def _reader(self) -> str:
        """The call that reads files other than arrays, if there are such."""
        decisions = self.description.decisions
        if self.description.new:
            name = self.description.new.partition(":")[2]
            return f'{name}(path, {readers.READING}["how"])'
        if self.form:
            is_filled = any(each.change.name == "fill_missing" for each in self.transforms)
            return table.call(self.form, "read_new_table", "str(path)", table.new_form(is_filled=is_filled))
        if not self.image:
            return ""
        name, shape = self.image
        arguments = [quote(name), literal(shape), quote(str(self.data.params.get("fit", "crop")))]
        if "background" in decisions:
            arguments += [nested_literal(decisions["background"]), nested_literal(decisions["levels"])]
        return f"read_new_images(path, {', '.join(arguments)})"

    @property
    def _idx_reader(self) -> str:
        name, decisions = (self.image or ("", ()))[0], self.description.decisions
        arguments = f"{nested_literal(decisions.get('is_last'))}, {nested_literal(decisions.get('levels'))}"
        return f"Samples({{{quote(name)}: idx_images(idx_array(path), {arguments})}})"

    def _is_long(self, fitted: FittedTransform) -> bool:
        return fitted.numbers > self.most_numbers
