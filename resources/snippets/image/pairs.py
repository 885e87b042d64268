"""Two folders: images, and for each a mask with a class for each pixel."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from resources.snippets.files.broken import whole_files
from resources.snippets.folder import check_folder_memory, films, plan_images
from resources.snippets.image.file import ImageHeader, read_image_header
from resources.snippets.image.files import enumeration, file_counts, image_files
from resources.snippets.image.listing import Listing
from resources.snippets.image.mask import MAX_VALUES, mask_values, pairs_of, read_pair
from resources.snippets.load_result import LoadedSamples
from resources.snippets.samples import DataError

MASKS = "Put a mask for each image into the folder masks, with the same name."


def load_mask_folder(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    images: str | Path,
    masks: str | Path,
    height: int = 64,
    width: int = 64,
    colours: str = "rgb",
    fit: str = "crop",
    background: str = "auto",
    levels: tuple[float, float] | None = None,
    class_names: Sequence[str] = (),
    broken: str = "refuse",
) -> LoadedSamples:
    """``image`` float32 (samples, channels, height, width) in [0, 1], and ``mask`` int64 (samples, height, width).

    A mask has the name of its image, or that with ``_mask`` behind it. Each value that occurs in a mask is a class, in
    ascending order; ``class_names``: their names. ``broken``: ``refuse`` images without a mask, with one of another
    size, and files that do not decode, or ``drop`` them. For the rest see `load_image_folder`.
    """
    pairs = _pairs(images, masks)
    channels = 3 if colours == "rgb" else 1
    check_folder_memory(images, len(pairs), channels + 2, height, width)
    headers = [_header(image) for image, _ in pairs]
    listing = Listing(Path(images), ("",), tuple((image, 0) for image, _ in pairs))
    treatment = plan_images(listing, headers, background, levels)
    stored, reasons = _values(pairs)
    how = {
        "size": (height, width, colours, fit),
        "background": treatment.background,
        "levels": dict(treatment.levels),
    }
    pixels = np.empty((len(pairs), channels, height, width), dtype=np.float32)
    classes = np.empty((len(pairs), height, width), dtype=np.int64)
    for row, (image, mask) in enumerate(pairs):
        try:
            if not reasons[row]:
                pixels[row], classes[row] = read_pair(image, mask, how, stored)
        except DataError as error:
            reasons[row] = error.message
    names = [image.relative_to(images).as_posix() for image, _ in pairs]
    whole, left_out = whole_files(images, names, reasons, broken)
    return LoadedSamples(
        {"image": pixels[whole], "mask": classes[whole]},
        {"mask": _names(images, stored, class_names)},
        [names[row] for row in whole],
        left_out=(*left_out, *_beside(pairs, images, masks), *films(headers)),
        scaled=treatment.scaled,
        guesses=treatment.guesses,
        decisions=how,
        form={"values": stored, "how": how, "skip_broken": broken == "drop"},
    )


def _pairs(images: str | Path, masks: str | Path) -> list[tuple[Path, Path | None]]:
    for path in (images, masks):
        if not Path(path).is_dir():
            raise DataError(f"{path} is not a folder.", MASKS)
    pairs = pairs_of(images, masks)
    if not pairs:
        raise DataError(f"{images} holds no image.", "Choose the folder with the images.")
    if not any(mask for _, mask in pairs):
        raise DataError(f"{masks} has no mask for {pairs[0][0].name} or any other image.", MASKS)
    return pairs


def _header(file: Path) -> ImageHeader | str:
    try:
        return read_image_header(file)
    except DataError as error:
        return error.message


def _values(pairs: Sequence[tuple[Path, Path | None]]) -> tuple[tuple[int, ...], list[str]]:
    """The different values of all masks, ascending, and what is wrong with each pair."""
    stored: set[int] = set()
    reasons = []
    for image, mask in pairs:
        reason = "" if mask else f"{image} has no mask."
        try:
            values = np.unique(mask_values(mask)).tolist() if mask else []
        except DataError as error:
            values, reason = [], error.message
        if len(values) > MAX_VALUES:
            reason = (
                f"{mask} holds {len(values):,} different values, and a mask has one for each class."
            )
        else:
            stored |= set(values)
        reasons.append(reason)
    if len(stored) > MAX_VALUES:
        raise DataError(
            f"The masks hold {len(stored):,} different values, and each would be a class.",
            "Save them as PNG with one value for each class.",
        )
    return tuple(sorted(stored)), reasons


def _names(path: str | Path, stored: Sequence[int], names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return tuple(str(value) for value in stored)
    if len(names) != len(stored):
        values = enumeration([str(value) for value in stored])
        message = f"{path}: the masks hold {len(stored)} values ({values}), and class_names has {len(names)} names."
        raise DataError(message, "Give a name for each value, in ascending order.")
    return tuple(names)


def _beside(
    pairs: Sequence[tuple[Path, Path | None]], images: str | Path, masks: str | Path
) -> list[str]:
    """What is in the folders beside pairs."""
    used = {mask for _, mask in pairs}
    free = [
        file.name
        for file in image_files(Path(masks))[0]
        if file not in used and Path(images) != Path(masks)
    ]
    others = image_files(Path(images))[1]
    texts = [f"masks without an image ({enumeration(free)})"] if free else []
    return [*texts, file_counts(others)] if others else texts
