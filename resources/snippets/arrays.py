"""An NPZ file of arrays as a data set: the fields that its arrays become, and how their values are read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path

import numpy as np

from resources.snippets.array_file.npz import Header, read_headers, row_chunks
from resources.snippets.array_file.plans import (
    ArrayPlan,
    ArraySettings,
    plan_array,
    plan_by_header,
    plan_text,
    read_field,
    rows_not_finite,
)
from resources.snippets.labels import Classes, find_classes
from resources.snippets.load_result import FixableError, Guess, LoadedSamples, SettingFix
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError, Samples, without

LABEL_NAMES = ("label", "labels", "y", "target", "targets", "classes")
OF_A_PART = re.compile(r"[_ -]?(?:train|training)[_ -]?", re.IGNORECASE)
"""The part of a data set in the name of an array, as in y_train."""
MANY_CLASSES = 20  # more are probably numbers to predict, when most occur once


def load_npz(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    path: str | Path,
    arrays: Sequence[str] = (),
    label: str = "",
    class_names: Sequence[str] = (),
    numbering: str = "auto",
    channels: str = "auto",
    pixels: Sequence[str] = (),
    numbers: Sequence[str] = (),
    kinds: Sequence[tuple[str, str]] = (),
) -> LoadedSamples:
    """Each chosen array becomes a field of its name; ``arrays`` empty chooses all.

    The label becomes int64 of one axis: the array ``label``, or else one with a usual name (label, y, y_train, targets)
    if its values are whole numbers or text, one for each sample; for ``numbering`` see `find_classes`. Of the others,
    those in ``pixels`` are brightness: float32 in [0, 1], where white is 255, the white of their bits, or the single
    number NAME_peak. Those in ``numbers`` become float32 as they are. What is in neither: bytes with two axes or more
    are pixels if they look so, else float32 as they are; fractions become float32, (samples, 1) when of one axis; other
    whole numbers int64.
    Images get their channels on the second axis. ``channels``: where the file has them; ``auto``: last, when that
    axis has 1, 3 or 4 and the second has not. ``kinds``: what the field of an array is, such as image or series.
    """
    settings = ArraySettings(label, class_names, numbering, channels, pixels, numbers)
    file_headers = read_headers(path)
    headers = choose_arrays(path, file_headers, arrays)
    check_memory(path, headers)
    label_name = label_array(path, headers, settings)
    check_named(path, headers, label_name, settings)
    check_kinds(path, headers, kinds)
    rows, labels = (
        LoadedSamples({}, kinds=dict(kinds), left_out=singles(file_headers, arrays)),
        dict[str, Sequence[int | str]](),
    )
    for header in with_flat(headers, label_name):
        if header.name == label_name:
            classes = label_classes(path, header, settings)
            parts = [classes.numbers_of(part) for part in row_chunks(path, header)]
            rows.fields[label_name] = np.concatenate(parts)
            rows.classes[label_name] = classes.names
            rows.guesses = (*rows.guesses, *classes.guesses)
            labels[label_name] = classes.stored
            continue
        plan, guesses = plan_array(path, header, file_headers, settings)
        rows.fields[header.name] = read_field(path, header, plan)
        rows.decisions = {**rows.decisions, header.name: plan.record}
        rows.guesses = (*rows.guesses, *guesses)
        rows.scaled = (*rows.scaled, *plan_text(header.name, plan))
    rows.form = {"arrays": rows.decisions, "labels": labels}
    return rows


def read_arrays(
    path: str | Path, names: Sequence[str], plans: Mapping[str, Sequence[object]]
) -> Samples:
    """The arrays of these names that the file has, each by its recorded plan: the values of an `ArrayPlan`.

    One without a plan is read by its header: bytes with two axes or more are pixels. Samples with a value that is nan
    or infinite are in ``refusals``.
    """
    file_headers = read_headers(path)
    headers = choose_arrays(
        path, file_headers, [each.name for each in file_headers if each.name in names]
    )
    check_memory(path, headers)
    fields = {}
    for header in headers:
        plan = plan_by_header(path, header, file_headers)
        if header.name in plans:
            channels, white, is_number, stored_kind = plans[header.name]
            recorded_plan = ArrayPlan(
                str(channels), float(str(white)), bool(is_number), str(stored_kind)
            )
            plan = recorded_plan.for_file(path, header)
        fields[header.name] = read_field(path, header, plan, all_finite=False)
    return _without_not_finite(Samples(fields))


def _without_not_finite(rows: Samples) -> Samples:
    """The samples without those that contain a value that is nan or infinite."""
    wrong: dict[int, tuple[str, str]] = {}
    for name, values in rows.fields.items():
        for row in rows_not_finite(values).tolist() if values.dtype.kind == "f" else ():
            reason = f"array {name!r} holds a value that is nan, infinite or beyond 3.4e38."
            wrong.setdefault(row, (reason, "Fill it in."))
    return without(rows, wrong) if wrong else rows


def field_bytes(headers: Sequence[Header]) -> int:
    """The bytes of memory that the fields take."""
    return sum(prod(each.shape) * (8 if each.dtype.kind in "iUS" else 4) for each in headers)


def check_memory(path: str | Path, headers: Sequence[Header]) -> None:
    """Refuse arrays that do not fit into memory: as fields, and again as the parts of the split, which are copies."""
    need = 2 * field_bytes(headers) + sum(each.size for each in headers if each.is_fortran)
    if need > memory_left():
        raise DataError(
            f"{path}: needs {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            "Choose fewer arrays, or store fewer rows.",
        )


def choose_arrays(path: str | Path, headers: list[Header], arrays: Sequence[str]) -> list[Header]:
    """The headers of these arrays, all of the same number of samples and of a type to learn from.

    Without names all arrays; single numbers beside them are left out.
    """
    by_name = {header.name: header for header in headers}
    names_and_shapes = ", ".join(f"{name} {header.shape}" for name, header in by_name.items())
    for name in arrays:
        if name not in by_name:
            raise DataError(
                f"{path}: there is no array {name!r}.", f"The arrays are {names_and_shapes}."
            )
    selection = [by_name[name] for name in arrays] or [each for each in headers if each.shape]
    if not selection:
        raise DataError(f"{path} has no array with rows.", f"It holds {names_and_shapes}.")
    for header in selection:
        if header.dtype.kind not in "biufUS":
            message = (
                f"{path}, array {header.name!r}: cannot learn from values of type {header.dtype}."
            )
            others = tuple(each.name for each in selection if each.dtype.kind in "biufUS")
            remedy = SettingFix("arrays", others, f"Leave out {header.name}")
            raise FixableError(message, "Name the others in arrays.", remedy if others else None)
        if not header.shape or len({each.shape[:1] for each in selection}) > 1:
            hint = "Name in arrays those that belong together, such as x_train and y_train."
            raise FixableError(
                f"{path}: the arrays differ in their number of rows: {names_and_shapes}.",
                hint,
                _of_most_rows(selection),
            )
    if not selection[0].shape[0]:
        raise DataError(f"{path} has no rows.", "Every array must have at least one.")
    return selection


def _of_most_rows(headers: Sequence[Header]) -> SettingFix | None:
    """The arrays with the most samples, if there are several, as in a file with a training and a test part."""
    most = max(header.rows for header in headers)
    names = tuple(header.name for header in headers if header.rows == most)
    if len(names) < 2:
        return None
    return SettingFix("arrays", names, f"Read {' and '.join(names)}" if len(names) < 4 else "")


def label_array(path: str | Path, headers: Sequence[Header], settings: ArraySettings) -> str:
    """The name of the array of classes, or nothing."""
    label = settings.label
    if label:
        label_header = next((header for header in headers if header.name == label), None)
        if label_header is None:
            names = ", ".join(header.name for header in headers)
            raise DataError(
                f"{path}: there is no array {label!r} for the label.", f"The arrays are {names}."
            )
        if not _is_one_a_row(label_header) and label_header.dtype.kind in "fUS":
            raise DataError(
                f"{path}, array {label!r}: {label_header.dtype} of shape {label_header.shape} cannot be a label.",
                "A label is whole numbers, or one text for each row. Leave label empty if each row holds a one "
                "among zeros, or shares: a loss takes such an array as it is.",
            )
        return label
    fit = [
        header.name
        for header in headers
        if _is_one_a_row(header)
        and header.dtype.kind in "biuUS"
        and header.name not in settings.numbers
    ]
    return next((name for name in fit if OF_A_PART.sub("", name.lower()) in LABEL_NAMES), "")


def _is_one_a_row(header: Header) -> bool:
    """Whether an array has a single value for each sample."""
    return header.shape[1:] in ((), (1,))


def singles(headers: Sequence[Header], arrays: Sequence[str]) -> tuple[str, ...]:
    """The message about single values beside the arrays, without a NAME_peak, which is read."""
    names = {header.name for header in headers}
    single_names = [
        each.name
        for each in headers
        if not (each.shape or arrays or each.name.removesuffix("_peak") in names - {each.name})
    ]
    return tuple(f"{name} (a single value)" for name in single_names)


def with_flat(headers: Sequence[Header], label: str) -> list[Header]:
    """The arrays; a label of shape (samples, 1) becomes (samples,)."""
    return [each.flat if each.name == label and _is_one_a_row(each) else each for each in headers]


def check_named(
    path: str | Path, headers: Sequence[Header], label: str, settings: ArraySettings
) -> None:
    """Refuse a setting that names an array which is not read, or which has another meaning already."""
    names = [header.name for header in headers]
    for param, names_given in (("pixels", settings.pixels), ("numbers", settings.numbers)):
        for name in names_given:
            if name not in names:
                raise DataError(
                    f"{path}: {param} names {name!r}, which is not an array that is read.",
                    f"The arrays are {', '.join(names)}.",
                )
            if name == label:
                raise DataError(
                    f"{path}: {param} names {name!r}, which is the label.",
                    f"Take it out of {param}.",
                )
    both = [name for name in settings.pixels if name in settings.numbers]
    if both:
        raise DataError(
            f"{path}: both pixels and numbers name {both[0]!r}.", "Take it out of one of them."
        )


def check_kinds(
    path: str | Path, headers: Sequence[Header], kinds: Sequence[tuple[str, str]]
) -> None:
    """Refuse a kind for an array that is not read."""
    names = [header.name for header in headers]
    lost = next((name for name, _ in kinds if name not in names), None)
    if lost is not None:
        raise DataError(
            f"{path}: kinds names {lost!r}, which is not an array that is read.",
            f"The arrays are {', '.join(names)}.",
        )


def label_classes(path: str | Path, header: Header, settings: ArraySettings) -> Classes:
    """The classes of a label, read part by part."""
    where, short = f"{path}, array {header.name!r}", f"{Path(path).name}, array {header.name!r}"
    row_size = max(1, prod(header.shape[1:]))
    parts = row_chunks(path, header if header.is_fortran else header.flat)
    classes = find_classes(parts, settings.class_names, settings.numbering, where, row_size, short)
    if (
        not settings.label
        and header.dtype.kind in "iu"
        and classes.occurring > max(MANY_CLASSES, header.rows // 2)
    ):
        guess = Guess(
            f"{short}: {classes.occurring:,} different whole numbers in {header.rows:,} rows were read as classes.",
            "Name the array in numbers if it is a number to predict, in label if these are classes.",
            "numbers",
            (*settings.numbers, header.name),
            f"Read {header.name} as numbers",
        )
        return replace(classes, guesses=(guess,))
    return classes
