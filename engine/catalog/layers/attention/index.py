"""Everything about attention, in the palette's order."""

from engine.catalog.layers.attention import distances, heads, transformers

LAYERS = (*transformers.LAYERS, *heads.LAYERS, *distances.LAYERS)
