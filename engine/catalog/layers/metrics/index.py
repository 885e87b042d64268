"""Every metric, in the palette's order."""

from engine.catalog.layers.metrics import boxes, confidence, errors, pictures, rates, sequences

LAYERS = (
    *rates.LAYERS,
    *confidence.LAYERS,
    *errors.LAYERS,
    *sequences.LAYERS,
    *pictures.LAYERS,
    *boxes.LAYERS,
)
