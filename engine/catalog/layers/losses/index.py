"""Every loss, in the palette's order."""

from engine.catalog.layers.losses import adversarial, classification, objectives, ranking, regression

LAYERS = (
    *classification.LAYERS,
    *regression.LAYERS,
    *ranking.LAYERS,
    *objectives.LAYERS,
    *adversarial.LAYERS,
)
