"""The part of a stand-alone script that loads, splits and transforms the data as the app does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.datasets import datasets, implied_transforms, path_params
from engine.catalog.params import Param, Value
from engine.catalog.spec import Dataset, Transform, effective
from engine.catalog.transforms import transforms
from engine.codegen.literals import literal, quoted
from engine.codegen.scripts import table
from engine.codegen.source import Writer
from engine.graph.model import Data

Wanted = tuple[str, str]
"""A snippet, and a name that it defines."""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The units of outputs and metrics, as `resources.snippets.units.Units` has them.

    ``outputs``: for each the values of its `Unit`. ``undo``: the fields whose transforms are undone.
    """

    outputs: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    metrics: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The units of the outputs, as an expression."""
        return f"{{{', '.join(f'{quoted(name)}: {literal(values)}' for name, values in self.outputs)}}}"


NO_UNITS = UnitFacts()


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What a script must know of the data and cannot read off the project.

    ``fields``: those the network reads. ``stratify``: the label field whose classes the split shares out, or ``None``.
    ``places``: where the files lie by default, an expression each; empty when a person must name them.
    ``digests``: their SHA-256. ``names``: what they are called. ``units``: those of metrics that are in one.
    ``form``: how a table is written.
    """

    fields: tuple[str, ...]
    stratify: str | None
    places: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    units: UnitFacts = NO_UNITS
    form: table.Form = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One transform, spelled out: ``name`` of its function, the ``field``, and its values as keyword arguments."""

    transform: Transform
    field: str
    arguments: str
    salt: int = 0

    @property
    def snippet(self) -> str:
        return self.transform.target.partition(":")[0]

    @property
    def name(self) -> str:
        return self.transform.target.partition(":")[2]

    @property
    def can_be_undone(self) -> bool:
        return not self.transform.random and self.transform.kind != "FillMissing"


def keywords(params: tuple[Param, ...], given: Mapping[str, Value], *, skip: tuple[str, ...] = ()) -> str:
    """``name=value, ...`` for the values that are not torch's or the snippet's defaults, in declared order."""
    values = effective(params, given)
    return ", ".join(
        f"{param.name}={literal(values[param.name])}"
        for param in params
        if param.name not in skip and (param.required or values[param.name] != param.default)
    )


def changes(data: Data, *, random: bool) -> list[Change]:
    """The transforms in their order, the set's own first; the random ones, or all others."""
    wanted = [*implied_transforms(data.kind, data.params), *((part.kind, part.params) for part in data.transforms)]
    found = [(transforms()[kind], params) for kind, params in wanted]
    chosen = [(transform, params) for transform, params in found if transform.random == random]
    return [
        Change(
            transform,
            str(effective(transform.params, params)["field"]),
            keywords(transform.params, params, skip=("field",)),
            salt,
        )
        for salt, (transform, params) in enumerate(chosen, 1)
    ]


class DataCode:
    """Writes ``load_data``, and ``augmentation`` where there is any."""

    def __init__(self, data: Data, facts: DataFacts) -> None:
        self.data, self.facts = data, facts
        self.dataset: Dataset = datasets()[data.kind]
        self.fitted = changes(data, random=False)
        self.random = [change for change in changes(data, random=True) if change.field in facts.fields]

    @property
    def reads_files(self) -> bool:
        """Whether the script takes ``--data``."""
        return bool(self.dataset.file or path_params(self.dataset))

    @property
    def has_units(self) -> bool:
        """Whether ``load_data`` also gives what undoes the transforms."""
        return bool(self.facts.units.metrics)

    def _is_undone(self, change: Change) -> bool:
        return self.has_units and change.field in self.facts.units.undo and change.can_be_undone

    @property
    def paths(self) -> int:
        """How many files or folders ``--data`` names."""
        return max(1, len(path_params(self.dataset)))

    def wanted(self) -> Iterator[Wanted]:
        """The snippets that the written functions use."""
        if self.facts.form:
            yield from table.wanted(self.facts.form, "read_known_table")
        else:
            module, _, name = self.dataset.loader.partition(":")
            yield module, name
        yield "rows", "DataError"
        yield "splits", "split_rows"
        for change in self.fitted:
            yield change.snippet, f"fit_{change.name}"
            yield change.snippet, change.name
            if self._is_undone(change):
                yield change.snippet, f"undo_{change.name}"
        if self.has_units:
            yield "units", "in_unit"
        for change in self.random:
            yield change.snippet, f"draw_{change.name}"
            yield change.snippet, change.name
        if self.random:
            yield "order", "epoch_generator"

    def loader(self, path: str) -> str:
        """The call that reads all rows; ``path``: a variable that holds the files' paths."""
        named = path_params(self.dataset)
        skip = tuple(param.name for param in named)
        places = [f"{param.name}={path}[{number}]" for number, param in enumerate(named)] if len(named) > 1 else []
        first = [f"{path}[0]"] if self.dataset.file or len(named) == 1 else []
        rest = keywords(self.dataset.params, self.data.params, skip=skip)
        return f"{self.dataset.loader.partition(':')[2]}({', '.join([*first, *places, *([rest] if rest else [])])})"

    def write_loading(self, out: Writer) -> None:
        """``load_data(paths, device)``: the training and the validation part, in memory."""
        split, held = self.data.split, self.data.split.validation > 0
        takes = "paths: list[str], device: torch.device" if self.reads_files else "device: torch.device"
        gives = ["Fields", *(["Fields"] if held else []), *(["dict[str, list[Undo]]"] if self.has_units else [])]
        given = gives[0] if len(gives) == 1 else f"tuple[{', '.join(gives)}]"
        out.write(f"def load_data({takes}) -> {given}:")
        what = "training and the validation part" if held else "training part"
        back = ", and what undoes that" if self.has_units else ""
        out.write(f'"""The {what}, transformed as the training rows demand{back}."""', 4)
        count = "len(rows)"
        if self.facts.form:
            out.write(f"fields = {table.call(self.facts.form, 'read_known_table', 'paths[0]')}", 4)
            count = 'len(fields["features"])'
        else:
            out.write(f"rows = {self.loader('paths')}", 4)
            out.write("fields = rows.fields", 4)
        labels = f'fields["{self.facts.stratify}"]' if split.stratify and self.facts.stratify else "None"
        shares = f"validation={split.validation!r}, test={split.test!r}, seed={split.seed}"
        names = "train, validation, _" if held else "train, _, _"
        out.write(f"{names} = split_rows({count}, {labels}, {shares})", 4)
        if self.has_units:
            out.write(f"undo: dict[str, list[Undo]] = {{name: [] for name in {literal(self.facts.units.undo)}}}", 4)
        for change in self.fitted:
            field = f"fields[{quoted(change.field)}]"
            values = f", {change.arguments}" if change.arguments else ""
            if change.name == "fill_missing" and change.field == "features" and table.has_categories(self.facts.form):
                values = f", {table.WIDTHS}"
            out.write(f"fitted = fit_{change.name}({field}[train]{values})", 4)
            out.write(f"{field} = {change.name}({field}, **fitted)", 4)
            if self._is_undone(change):
                out.write(f"undo[{quoted(change.field)}].insert(0, partial(undo_{change.name}, **fitted))", 4)
        out.blank()
        out.write("def part(index: np.ndarray) -> Fields:", 4)
        out.write("return {name: torch.tensor(fields[name][index], device=device) for name in FIELDS}", 8)
        out.blank()
        parts = ["part(train)", *(["part(validation)"] if held else []), *(["undo"] if self.has_units else [])]
        out.write(f"return {', '.join(parts)}", 4)

    def write_augmentation(self, out: Writer) -> None:
        """``augmentation(training, seed, epoch)``: what changes the rows of one epoch."""
        out.write("def augmentation(training: Fields, seed: int, epoch: int) -> Change:")
        out.write('"""What happens to each training row in one epoch, whatever batch it is in."""', 4)
        for change in self.random:
            field = f"training[{quoted(change.field)}]"
            values = f", {change.arguments}" if change.arguments else ""
            out.write(f"generator = epoch_generator(seed, epoch, {change.salt})", 4)
            out.write(f"drawn_{change.salt} = draw_{change.name}({field}, generator{values}).to({field}.device)", 4)
        out.blank()
        out.write("def change(fields: Fields, rows: Tensor) -> Fields:", 4)
        for change in self.random:
            field = f"fields[{quoted(change.field)}]"
            out.write(f"{field} = {change.name}({field}, drawn_{change.salt}[rows])", 8)
        out.write("return fields", 8)
        out.blank()
        out.write("return change", 4)
