"""Samples that a person gives by hand: a row, a picture, numbers; prepared as the training data was."""

import base64
import binascii
import tempfile
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.errors import DataProblem
from engine.graph.model import Data
from engine.runtime.data.inputs import Inputs, Preparation, prepared_inputs, read_samples
from engine.runtime.data.load import call_reader
from resources.snippets.image.new import read_new_images
from resources.snippets.samples import DataError, Samples
from resources.snippets.table.source.records import decimal_commas
from resources.snippets.table.typed_row import ROW, cell_text, row_cells, row_file

MAX_NAMED = 8  # columns in a message
PICTURE = "the picture"
NUMBERS = "the numbers"


def read_row(text: str, data: Data, preparation: Preparation) -> Inputs:
    """A row of a table that was typed by hand, such as ``a=1,b=2``, or as a JSON object. Raises: ``DataProblem``."""
    commas = decimal_commas(preparation.columns, preparation.decisions)
    return row_inputs(call_reader(row_cells, text, commas), data, preparation)


def row_inputs(cells: Mapping[str, object], data: Data, preparation: Preparation) -> Inputs:
    """A row of a table from the values of its columns. Raises: ``DataProblem``."""
    if not preparation.columns:
        hint = "Give it a file: --input FILE."
        raise DataProblem("The network did not learn from a table, so it takes no row.", hint=hint)
    unknown = [name for name in cells if name not in dict(preparation.columns)]
    missing = [name for name, _ in preparation.columns if name not in cells]
    if missing:
        names = ", ".join(missing[:MAX_NAMED]) + (", ..." if len(missing) > MAX_NAMED else "")
        other = f" It has {', '.join(unknown[:MAX_NAMED])}, which the network does not know." if unknown else ""
        raise DataProblem(f"The row lacks {names}.{other}", hint="Give a value for each column that it learned from.")
    rows: Samples = call_reader(_read_row, cells, data, preparation)
    refusals = [replace(each, place=ROW) for each in rows.refusals]
    rows = replace(rows, places=[ROW] * len(rows), refusals=refusals)
    return prepared_inputs(rows, preparation, tuple(rows.fields), "The row")


def _read_row(cells: Mapping[str, object], data: Data, preparation: Preparation) -> Samples:
    commas = decimal_commas(preparation.columns, preparation.decisions)
    with row_file({name: cell_text(name, value, commas) for name, value in cells.items()}) as path:
        return read_samples(path, data, preparation, tuple(preparation.fields))


def picture_inputs(content: str, field: str, data: Data, preparation: Preparation) -> Inputs:
    """An image from the base64 text of an image file. Raises: ``DataProblem``."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (ValueError, binascii.Error):
        raise DataProblem("The picture is not base64 text.", hint="Send the bytes of an image file.") from None
    rows: Samples = call_reader(_read_picture, raw, field, data, preparation)
    return prepared_inputs(replace(rows, places=[PICTURE]), preparation, (field,), "The picture")


def _read_picture(raw: bytes, field: str, data: Data, preparation: Preparation) -> Samples:
    channels, height, width = preparation.fields[field].sizes
    with tempfile.NamedTemporaryFile(suffix=".png") as file:  # what it holds is recognized by its content
        file.write(raw)
        file.flush()
        fit = str(data.params.get("fit", "crop"))
        treatment = preparation.image_treatment
        try:
            return read_new_images(file.name, field, (channels, height, width), fit, **treatment)
        except DataError as error:
            raise DataError(error.message.replace(file.name, "The picture"), error.hint) from error


def number_inputs(values: object, field: str, preparation: Preparation, most: Mapping[str, int]) -> Inputs:
    """Numbers in lists, in the shape of a sample of the field, or in one list. Raises: ``DataProblem``."""
    spec = preparation.fields[field]
    size = " × ".join(map(str, spec.sizes)) or "1"
    hint = f"Give {size} numbers."
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataProblem(f"{field} holds something other than numbers.", hint=hint) from None
    if not np.isfinite(array).all():
        raise DataProblem(f"{field} holds a value that is no number.", hint=hint)
    if array.size != int(np.prod(spec.sizes)) or (array.ndim > 1 and array.shape != spec.sizes):
        raise DataProblem(f"{field} has {array.size:,} numbers, and the network takes {size}.", hint=hint)
    values_of_type = array.reshape(1, *spec.sizes)
    if spec.dtype == "int64" and np.array_equal(values_of_type, np.round(values_of_type)):
        values_of_type = values_of_type.astype(np.int64)
    rows = Samples({field: values_of_type}, places=[NUMBERS])
    return prepared_inputs(rows, preparation, (field,), NUMBERS.capitalize(), most)
