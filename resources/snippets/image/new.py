"""New images for a trained network: one file, or all of a folder."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from resources.snippets.image.decode import DEEP, read_image
from resources.snippets.image.files import file_counts, image_files, list_images
from resources.snippets.samples import DataError, Refusal, Samples


def read_new_images(
    path: str | Path,
    field: str,
    shape: tuple[int, int, int],
    fit: str = "crop",
    background: str = "white",
    levels: Mapping[str, tuple[float, float]] = DEEP,
) -> Samples:
    """The images as ``field``, each in ``shape``: channels, height, width; see `read_image` for the rest.

    In a folder, images that cannot be decoded become ``refusals``, and other files ``left_out``.
    """
    place, (channels, height, width) = Path(path), shape
    colours = "rgb" if channels == 3 else "grey"
    if not place.is_dir():
        image = read_image(place, height, width, colours, fit, background, levels)
        return Samples({field: image[None]}, places=[str(place)])
    images, places, refusals = [], [], []
    for row, file in enumerate(list_images(place)):
        try:
            images.append(read_image(file, height, width, colours, fit, background, levels))
            places.append(str(file))
        except DataError as error:
            reason = error.message.removeprefix(f"{file}: ")
            refusals.append(Refusal(row, str(file), reason, error.hint))
    array = np.stack(images) if images else np.empty((0, *shape), dtype=np.float32)
    _, others = image_files(place)
    left_out = [file_counts(others)] if others else []
    return Samples({field: array}, places=places, refusals=refusals, left_out=left_out)
