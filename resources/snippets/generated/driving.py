"""Frames of a camera behind the windscreen, and the steering angle that keeps the car in its lane."""

import numpy as np

from resources.snippets.samples import Samples

HEIGHT, WIDTH, HORIZON = 36, 96, 12
LANE, NEAREST = 1.8, 2.0  # metres: half the width of a lane, and the distance of the lowest row
TURN, CORRECTION = (
    600.0,
    6.0,
)  # degrees of steering for a curvature of 1 / m, and for a metre off the middle
NIGHT = 0.35  # the darkest light


def driving(rows: int = 1500, seed: int = 0) -> Samples:
    """Frames float32 (samples, 3, 36, 96) in [0, 1] and the steering angle float32 (samples, 1) in degrees, right > 0.

    A pinhole camera sees the right one of two lanes, between a dashed line and the edge of a road of constant
    curvature; colours, light, shadows across the road and the phase of the dashes differ from frame to frame.
    """
    generator = np.random.default_rng(seed)
    curvature = generator.uniform(-0.02, 0.02, rows)  # 1 / m, positive to the right
    offset = generator.uniform(-1.0, 1.0, rows)  # metres right of the middle of the lane
    heading = generator.uniform(-0.04, 0.04, rows)  # radians, positive to the right
    image = np.stack(
        [_frame(generator, *each) for each in zip(curvature, offset, heading, strict=True)]
    )
    target = TURN * curvature - CORRECTION * offset - np.degrees(heading)
    return Samples(
        {"image": image.astype(np.float32), "target": target[:, None].astype(np.float32)}
    )


def _frame(
    generator: np.random.Generator, curvature: float, offset: float, heading: float
) -> np.ndarray:
    """One frame (3, height, width)."""
    depth = (
        NEAREST * (HEIGHT - HORIZON) / (np.arange(HEIGHT - HORIZON) + 1.0)[:, None]
    )  # metres ahead, by row
    middle = curvature * depth**2 / 2 - offset - heading * depth
    across = (np.arange(WIDTH)[None] - (WIDTH - 1) / 2) * depth / WIDTH * 1.6 - middle
    grass, sky = generator.uniform(
        ((0.15, 0.35, 0.10), (0.45, 0.60, 0.80)), ((0.45, 0.60, 0.30), (0.75, 0.85, 1.00))
    )
    road = generator.uniform(0.25, 0.5) + generator.uniform(-0.03, 0.03, 3)
    is_road = (across > -3.3 * LANE) & (across < 1.3 * LANE)
    ground = np.where(is_road[..., None], road, grass)
    dashes = (depth + generator.uniform(0.0, 6.0)) % 6.0 < 3.0
    width = 0.06 + 0.01 * depth
    edges = (np.abs(across - LANE) < width) | (np.abs(across + 3 * LANE) < width)
    lines = edges | ((np.abs(across + LANE) < width) & dashes)
    ground = np.where(lines[..., None], generator.uniform(0.75, 1.0), ground)
    shadow = np.abs(depth - generator.uniform(2.0, 30.0)) < generator.uniform(0.0, 2.0)
    ground = ground * np.where(shadow, 0.6, 1.0)[..., None]
    frame = np.concatenate([np.broadcast_to(sky, (HORIZON, WIDTH, 3)), ground])
    frame = frame * generator.uniform(NIGHT, 1.0) + generator.normal(0.0, 0.02, frame.shape)
    return np.clip(frame, 0.0, 1.0).transpose(2, 0, 1)
