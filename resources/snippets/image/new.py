"""Images that a network is asked about: one file, or all of a folder."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from resources.snippets.image.decode import DEEP, read_image
from resources.snippets.image.files import by_ending, image_files, list_images
from resources.snippets.samples import DataError, Refused, Samples


def read_new_images(
    path: str | Path,
    field: str,
    shape: tuple[int, int, int],
    fit: str = "crop",
    background: str = "white",
    levels: Mapping[str, tuple[float, float]] = DEEP,
) -> Samples:
    """The images as ``field``, each brought to ``shape``: channels, height, width; see `read_image` for the rest.

    Of a folder those that cannot be decoded are ``refused``, and files that are no images ``left_out``.
    """
    place, (channels, height, width) = Path(path), shape
    colours = "rgb" if channels == 3 else "grey"
    if not place.is_dir():
        image = read_image(place, height, width, colours, fit, background, levels)
        return Samples({field: image[None]}, places=[str(place)])
    images, places, refused = [], [], []
    for row, file in enumerate(list_images(place)):
        try:
            images.append(read_image(file, height, width, colours, fit, background, levels))
            places.append(str(file))
        except DataError as wrong:
            reason = wrong.message.removeprefix(f"{file}: ")
            refused.append(Refused(row, str(file), reason, wrong.hint))
    found = np.stack(images) if images else np.empty((0, *shape), dtype=np.float32)
    _, others = image_files(place)
    left_out = [by_ending(others)] if others else []
    return Samples({field: found}, places=places, refused=refused, left_out=left_out)
