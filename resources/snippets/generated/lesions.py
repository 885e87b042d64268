"""Pictures of skin with dark lesions, and the mask of each."""

import numpy as np

from resources.snippets.samples import Samples

MOST_LESIONS, MOST_HAIRS = 3, 6
EDGE_WAVES = 4  # waves around an outline, which make it irregular


def lesions(rows: int = 400, size: int = 48, seed: int = 0) -> Samples:
    """Images float32 (samples, 3, size, size) in [0, 1] and masks int64 (samples, size, size): 0 skin, 1 lesion.

    Hairs and a fold are as dark as lesions but belong to the background. Each picture has one to three lesions.
    """
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size].astype(np.float64) / size
    image = np.empty((rows, 3, size, size), dtype=np.float32)
    mask = np.empty((rows, size, size), dtype=np.int64)
    for row in range(rows):
        skin = _skin(generator, x, y)
        outlines = [
            _lesion(generator, x, y) for _ in range(generator.integers(1, MOST_LESIONS + 1))
        ]
        depth = np.max(outlines, axis=0)
        colour = generator.uniform((0.25, 0.12, 0.08), (0.50, 0.28, 0.22))[:, None, None]
        picture = skin + (colour - skin) * np.clip(depth * 8.0, 0.0, 1.0) * generator.uniform(
            0.55, 0.95
        )
        picture *= 1.0 - 0.6 * _hairs(generator, x, y)
        picture += generator.normal(0.0, 0.03, picture.shape)
        image[row] = np.clip(picture, 0.0, 1.0)
        mask[row] = depth > 0.0
    return Samples({"image": image, "mask": mask}, {"mask": ("skin", "lesion")})


def _skin(generator: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bare skin (3, size, size): a colour, light from one side, and a fold."""
    colour = generator.uniform((0.70, 0.50, 0.40), (0.95, 0.78, 0.70))[:, None, None]
    across, along = generator.uniform(-0.2, 0.2, 2)
    light = 1.0 + across * (x - 0.5) + along * (y - 0.5)
    place, slope = generator.uniform(0.0, 1.0), generator.uniform(-0.5, 0.5)
    fold = 0.25 * np.exp(-(((y - place - slope * (x - 0.5)) / 0.015) ** 2))
    skin: np.ndarray = colour * (light - fold)
    return skin


def _lesion(generator: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far inside the outline each pixel is (size, size): negative outside."""
    centre_x, centre_y = generator.uniform(0.15, 0.85, 2)
    radius, stretch, turn = (
        generator.uniform(0.07, 0.2),
        generator.uniform(0.7, 1.4),
        generator.uniform(0.0, np.pi),
    )
    right, down = x - centre_x, y - centre_y
    along = (right * np.cos(turn) + down * np.sin(turn)) * stretch
    across = (down * np.cos(turn) - right * np.sin(turn)) / stretch
    angle, outline = np.arctan2(across, along), np.full_like(x, radius)
    for wave in range(2, 2 + EDGE_WAVES):
        outline += (
            radius
            * generator.uniform(0.0, 0.12)
            * np.cos(wave * angle + generator.uniform(0.0, 2 * np.pi))
        )
    inside: np.ndarray = outline - np.hypot(along, across)
    return inside


def _hairs(generator: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How much of each pixel a hair covers (size, size), 0 to 1: thin bent lines."""
    covered = np.zeros_like(x)
    for _ in range(generator.integers(0, MOST_HAIRS + 1)):
        turn, place, bend = (
            generator.uniform(0.0, np.pi),
            generator.uniform(-0.4, 0.4),
            generator.uniform(-0.6, 0.6),
        )
        along = (x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn)
        across = (y - 0.5) * np.cos(turn) - (x - 0.5) * np.sin(turn)
        covered = np.maximum(covered, np.exp(-(((across - place - bend * along**2) / 0.012) ** 2)))
    return covered
