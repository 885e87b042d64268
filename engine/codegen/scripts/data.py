"""The ``data.py`` of a project: where its samples come from, their split, transforms and batches."""

from collections.abc import Iterator

from engine.catalog.data.datasets import datasets, path_params
from engine.catalog.data.spec import Dataset
from engine.codegen.literals import literal, quote
from engine.codegen.scripts import table
from engine.codegen.scripts.data_description import Change, DataDescription, SnippetName, changes
from engine.codegen.scripts.modules import Modules, import_text
from engine.codegen.scripts.readers import Reader
from engine.codegen.snippets import Import, names_read
from engine.codegen.source import Writer, when
from engine.graph.model import Project


class DataCode:
    """Writes the file, which imports from the modules ``before``. ``modules``: those and the file itself.

    ``counts_steps``: whether ``train.py`` uses ``steps_per_epoch``.
    """

    def __init__(
        self, project: Project, description: DataDescription, reader: Reader, before: Modules, *, counts_steps: bool
    ) -> None:
        self.data, self.training, self.description = project.data, project.training, description
        self.counts_steps = counts_steps
        self.reader, self._before = reader, before
        self.dataset: Dataset = datasets()[self.data.kind]
        self.fitted_changes, self.random_changes = (
            [change for change in changes(self.data, random=random) if change.field in description.fields]
            for random in (False, True)
        )
        self.modules = before.with_module("data", self._snippet_names())

    @property
    def constants(self) -> frozenset[str]:
        """The names of the constants that describe how the files are read."""
        return frozenset(each.name for each in self.reader.constants)

    @property
    def reads_files(self) -> bool:
        """Whether ``train.py`` takes ``--data``."""
        return bool(self.dataset.file or path_params(self.dataset))

    @property
    def has_digests(self) -> bool:
        """Whether the file has ``warn_of_changes``."""
        return self.reads_files and bool(self.description.digests)

    @property
    def has_units(self) -> bool:
        """Whether ``load_data`` also returns the units of outputs and metrics."""
        return bool(self.description.units.metrics)

    @property
    def has_validation(self) -> bool:
        """Whether ``load_data`` also returns validation samples."""
        return self.data.split.validation > 0

    def text(self) -> str:
        """The file."""
        body = Writer()
        self._write_constants(body)
        body.heading("How samples are read, split, transformed and put in order")
        body.blank(2)
        body.paste(self.modules.last.text)
        body.heading("The data of this project")
        counting = [self._write_step_count] if self.counts_steps else []
        for write in (self._write_loading, *counting, self._write_batches):
            body.blank(2)
            write(body)
        if self.has_digests:
            body.blank(2)
            self._write_check(body)
        text = body.source().text
        out = Writer()
        out.write('"""The samples: where they come from, their split, transforms and batches."""')
        out.blank()
        imports = {*self.modules.last.imports, *self._imports()}
        out.paste(import_text(imports, self._before.imports(names_read(text))))
        out.blank()
        return out.source().text + text

    def _imports(self) -> Iterator[Import]:
        yield from self.reader.imports
        yield "numpy", "", "np"
        yield "torch", "", "torch"
        yield "torch", "Tensor", "Tensor"
        yield "collections.abc", "Iterator", "Iterator"
        if self.description.places or self.has_digests:
            yield "pathlib", "Path", "Path"
        if self.has_digests:
            yield "hashlib", "", "hashlib"
            yield "sys", "", "sys"
        if self.has_units:
            yield "functools", "partial", "partial"

    def _snippet_names(self) -> Iterator[SnippetName]:
        yield "samples", "DataError"
        yield from self.reader.snippets
        by_group = "split_groups" if self.data.split.group else "split_samples"
        yield "splits", "split_in_time" if self.dataset.in_time else by_group
        yield from self.transforms
        if any(map(self._fills_categories, self.fitted_changes)):
            yield "known_format.table", "widths_of"
        yield "training.order", "epoch_order"
        if self.random_changes:
            yield "training.order", "epoch_generator"
        yield "training.batches", "training_batches"
        if self.has_validation:
            yield "training.batches", "part_batches"

    @property
    def transforms(self) -> Iterator[SnippetName]:
        """The snippets that change samples."""
        for change in self.fitted_changes:
            yield change.snippet, f"fit_{change.name}"
            yield change.snippet, change.name
            if self._is_undone(change):
                yield change.snippet, f"undo_{change.name}"
        if self.has_units:
            yield "units", "in_unit"
        for change in self.random_changes:
            yield change.snippet, f"draw_{change.name}"
            yield change.snippet, change.name

    def _fills_categories(self, change: Change) -> bool:
        is_filled = change.name == "fill_missing" and change.field == "features"
        return is_filled and table.has_categories(self.description.form)

    def _is_undone(self, change: Change) -> bool:
        return self.has_units and change.field in self.description.units.undo and change.can_be_undone

    def _write_constants(self, out: Writer) -> None:
        description = self.description
        fields = literal(description.fields)
        out.write(f"FIELDS = {fields}", comment="the fields that the network, losses and metrics read")
        out.write(f"BATCH_SIZE = {self.training.batch_size}")
        if self.reads_files and description.places:
            out.write(f"DATA = [{', '.join(description.places)}]")
        if self.has_digests:
            out.write(f"SHA256 = {literal(description.digests)}", comment="of the data this program was exported with")
        if self.has_units:
            units = description.units
            out.write(f"OUTPUT_UNITS = {units.text}", comment="those of fields, before their transforms")
            out.write(f"IN_UNIT = {literal(units.metrics)}", comment="the metrics that are in such a unit")
        for each in self.reader.constants:
            out.constant(each.name, each.value, each.comment)

    def _write_loading(self, out: Writer) -> None:
        split, units = self.data.split, self.has_units
        takes = "paths: list[str], device: torch.device" if self.reads_files else "device: torch.device"
        types = ["Fields", *(["Fields"] if self.has_validation else []), *(["Units"] if units else [])]
        what = "training and the validation samples" if self.has_validation else "training samples"
        units_text = ", and the units" if units else ""
        label = self.description.stratify if split.stratify else None
        labels = f'fields["{label}"]' if label else "None"
        shares = f"validation={split.validation!r}, test={split.test!r}, seed={split.seed}"
        split_call = f"split_samples(count, {labels}, {shares})"
        if split.group:
            split_call = f"split_groups(fields[{quote(split.group)}], {shares})"
        if self.dataset.in_time:
            gap = self.description.gap
            split_call = f"split_in_time(count, {gap}, validation={split.validation!r}, test={split.test!r})"
        undo_fields = literal(self.description.units.undo)
        out.code(f'''
            def load_data({takes}) -> {types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"}:
                """The {what}, transformed{units_text}. Transforms are fitted on the training samples."""
                fields = {self.reader.call}
                {when(not split.group, "count = len(fields[FIELDS[0]])")}
                train, {"validation" if self.has_validation else "_"}, _ = {split_call}
                {when(units, f"undo: dict[str, list[Undo]] = {{name: [] for name in {undo_fields}}}")}
            ''')
        for change in self.fitted_changes:
            self._write_change(out, change)
        parts = ["part(train)", *(["part(validation)"] if self.has_validation else []), *(["units"] if units else [])]
        units_call = "Units(undo, {name: Unit(*unit) for name, unit in OUTPUT_UNITS.items()}, IN_UNIT)"
        out.blank()
        out.code(
            f"""
            def part(index: np.ndarray) -> Fields:
                return {{name: torch.tensor(fields[name][index], device=device) for name in FIELDS}}

            {when(units, f"units = {units_call}")}
            return {", ".join(parts)}
            """,
            4,
        )

    def _write_change(self, out: Writer, change: Change) -> None:
        field = f"fields[{quote(change.field)}]"
        values = f", {change.arguments}" if change.arguments else ""
        axis = self.description.channel_axes.get(change.field, 1)
        if axis != 1 and change.transform.by_channel:
            values += f", axis={axis}"
        if self._fills_categories(change):
            values = f", {table.WIDTHS}"
        back = f"undo[{quote(change.field)}].insert(0, partial(undo_{change.name}, **statistics))"
        out.code(
            f"""
            statistics = fit_{change.name}({field}[train]{values})
            {field} = {change.name}({field}, **statistics)
            {when(self._is_undone(change), back)}
            """,
            4,
        )

    def _write_step_count(self, out: Writer) -> None:
        count = "samples // BATCH_SIZE" if self.training.drop_last else "-(-samples // BATCH_SIZE)"
        out.code(f'''
            def steps_per_epoch(training: Fields) -> int:
                """The number of training batches."""
                samples = len(training[FIELDS[0]])
                return {count}
            ''')

    def _write_batches(self, out: Writer) -> None:
        if self.random_changes:
            self._write_augmentation(out)
            out.blank(2)
        arguments = ["training", "order", "BATCH_SIZE"]
        arguments += ["change=augmentation(training, seed, epoch)"] if self.random_changes else []
        out.code(f'''
            def epoch_batches(training: Fields, seed: int, epoch: int) -> Iterator[Fields]:
                """The training batches of an epoch, in a different order each epoch."""
                first = training[FIELDS[0]]
                order = epoch_order(len(first), seed, epoch).to(first.device)
                {when(self.training.drop_last, "order = order[: len(order) // BATCH_SIZE * BATCH_SIZE]")}
                return training_batches({", ".join(arguments)})
            ''')

    def _write_augmentation(self, out: Writer) -> None:
        """``augmentation(training, seed, epoch)``: the random transforms of one epoch."""
        out.code('''
            def augmentation(training: Fields, seed: int, epoch: int) -> Change:
                """The random changes to each training sample in one epoch, the same in any batch."""
            ''')
        for change in self.random_changes:
            field = f"training[{quote(change.field)}]"
            values = f", {change.arguments}" if change.arguments else ""
            out.code(
                f"""
                generator = epoch_generator(seed, epoch, {change.salt})
                drawn_{change.salt} = draw_{change.name}({field}, generator{values}).to({field}.device)
                """,
                4,
            )
        out.blank()
        out.write("def change(fields: Fields, index: Tensor) -> Fields:", 4)
        for change in self.random_changes:
            field = f"fields[{quote(change.field)}]"
            out.write(f"{field} = {change.name}({field}, drawn_{change.salt}[index])", 8)
            for name in self._along(change):
                self._write_along(out, change, name)
        out.write("return fields", 8)
        out.blank()
        out.write("return change", 4)

    def _along(self, change: Change) -> list[str]:
        along = self.description.along[change.salt - 1] if self.description.along else ()
        return [name for name in along if name in self.description.fields]

    def _write_along(self, out: Writer, change: Change, name: str) -> None:
        """The same change of another field; a mask has no axis of channels."""
        field, entries = f"fields[{quote(name)}]", f"drawn_{change.salt}[index]"
        is_mask = self.description.kinds.get(name) == "mask"
        call = f"{change.name}({field}{'[:, None]' if is_mask else ''}, {entries}){'[:, 0]' if is_mask else ''}"
        out.write(f"{field} = {call}", 8)

    @staticmethod
    def _write_check(out: Writer) -> None:
        out.code('''
            def warn_of_changes(paths: list[str]) -> None:
                """Print a warning for each file that differs from the data this program was exported with."""
                for path, digest in zip(paths, SHA256, strict=True):
                    place = Path(path)
                    if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() != digest:
                        print(f"{path} differs from the data this program was exported with", file=sys.stderr)
            ''')
