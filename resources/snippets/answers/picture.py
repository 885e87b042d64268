"""The answers of a network that gives images, as one picture."""

from collections.abc import Sequence

import numpy as np
import torch

from resources.snippets.answers.predictions import Prediction
from resources.snippets.sampling import sample_file

IMAGE_AXES = 3  # channels, height, width


def answers_picture(answers: Sequence[Prediction]) -> bytes:
    """A PNG with the images of all answers in a grid, in their order; of several outputs the first that is an image.

    Values in the unit of the data are shown from 0 to 1, others from the smallest to the largest of all.
    Raises: ``ValueError`` when there is no image.
    """
    usable = [each for each in answers if each.refusal is None]
    images = (
        name for each in usable for name, shape in each.shapes.items() if is_image_shape(shape)
    )
    name = next(images, None)
    if name is None:
        raise ValueError("the answers are not images")
    values = np.array([dict(each.values)[name] for each in usable], np.float32)
    samples = torch.from_numpy(values).reshape(-1, *usable[0].shapes[name])
    in_unit = name not in usable[0].notes and float(values.min()) >= 0 and float(values.max()) <= 1
    low, high = (0.0, 1.0) if in_unit else (float(np.nanmin(values)), float(np.nanmax(values)))
    return sample_file(samples, ".png", low, max(high, low + 1e-6))


def is_image_shape(shape: Sequence[int]) -> bool:
    """Whether a value of this shape can be shown: grey or red, green and blue."""
    return len(shape) == IMAGE_AXES and shape[0] in (1, 3)
