"""A folder of images by class, when the classes and settings are known."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from resources.snippets.image.decode import read_image
from resources.snippets.image.files import list_images
from resources.snippets.samples import DataError


def read_known_folder(
    path: str,
    classes: Sequence[str],
    size: tuple[int, int, str, str],
    background: str,
    levels: Mapping[str, tuple[float, float]],
    *,
    skip_broken: bool = False,
) -> dict[str, np.ndarray]:
    """The images as float32 (samples, channels, height, width) in [0, 1], and their class numbers.

    ``size``: height, width, colours and fit. For these and the other parameters see `read_image`.
    """
    images, labels = [], []
    for number, name in enumerate(classes):
        for file in list_images(Path(path, name)):
            try:
                images.append(read_image(file, *size, background, levels))
            except DataError:
                if not skip_broken:
                    raise
            else:
                labels.append(number)
    return {"image": np.stack(images), "label": np.array(labels, dtype=np.int64)}
