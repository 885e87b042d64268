"""Words for what a layer is for find the layers: in the palette and in the search of the canvas."""

import pytest

from engine.catalog.index import layers
from engine.graph.model import Project
from gui.canvas.search.layer_entries import entries
from gui.matching.fuzzy import matching, search_texts
from gui.palette.layer_rows import matching_rows

PURPOSES: dict[str, tuple[str, str]] = {
    "downsample": (
        "Conv2d MaxPool2d AvgPool2d AdaptiveAvgPool2d PixelUnshuffle interpolate",
        "Upsample ConvTranspose2d",
    ),
    "upsample": ("Upsample ConvTranspose2d PixelShuffle MaxUnpool2d interpolate interpolate_like", "MaxPool2d Conv2d"),
    "skip": ("add cat DropPath interpolate_like", "sub Flatten"),
    "skip connection": ("add cat", "sub Flatten"),
    "normalize": ("BatchNorm1d BatchNorm2d LayerNorm GroupNorm InstanceNorm2d RMSNorm normalize", "Linear Dropout"),
    "sequence to one": ("mean max select LSTM GRU AdaptiveAvgPool1d", "Conv2d cat"),
    "attention": ("MultiheadAttention TransformerEncoderLayer scaled_dot_product_attention", "Conv2d LSTM"),
    "mask": ("masked_fill padding_mask causal_mask tril where bool eq", "Conv2d add"),
    "residual": ("add", "Conv2d"),
    "noise": ("randn rand randn_like GaussianNoise", "Linear"),
    "stop gradient": ("detach", "grad"),
    "crop": ("pad roi_align", "Linear"),
    "positions": ("arange LearnedPositionEncoding SinusoidalPositionEncoding", "Conv2d"),
    "frequencies": ("rfft fft stft", "Conv1d"),
    "class token": ("Parameter", "Linear"),
    "lookup": ("Embedding gather index_select", "Linear"),
    "resize": ("Upsample interpolate interpolate_like", "Conv2d"),
    "detection": ("roi_align nms box_iou", "Conv2d"),
    "imbalance": ("FocalLoss", "MSELoss"),
}
"""By purpose: kinds that are found, and kinds that are not."""
FIRST = {"downsample": "Conv", "upsample": "Upsample", "attention": "MultiheadAttention", "residual": "add",
         "normalize": "normalize", "mask": "masked_fill"}  # fmt: skip


def in_palette(query: str) -> list[str]:
    return [row.text for row in matching_rows(Project(), query)]


def on_canvas(query: str) -> list[str]:
    every = [entry for entry in entries(Project(), "Net") if entry.kind in layers()]
    items = ((each, each.kind, search_texts(each.title, each.kind, each.family, each.summary)) for each in every)
    return [entry.kind for entry, _ in matching(query, items)]


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_purpose_finds_the_kinds_that_serve_it(purpose: str, search) -> None:
    right, wrong = (set(kinds.split()) for kinds in PURPOSES[purpose])
    results = search(purpose)

    assert right | wrong <= layers().keys()
    assert right <= set(results), right - set(results)
    assert not wrong & set(results)
    assert results[0].startswith(FIRST.get(purpose, ""))
