"""A folder of images by class: each folder in it is a class, its name the class's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from resources.snippets.image.decode import DEEP, UNDECODED, read_image
from resources.snippets.image.file import (
    ImageHeader,
    read_image_header,
    value_range,
    visible_brightness,
)
from resources.snippets.image.files import enumeration
from resources.snippets.image.listing import Listing, list_folder
from resources.snippets.image.pixels import check_levels, levels_guess, levels_text, usual_levels
from resources.snippets.load_result import FixableError, Guess, LoadedSamples, SettingFix
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError

MAX_JUDGED = 64  # transparent images by whose brightness the background is chosen
BRIGHT, DARK = 0.75, 0.25  # of what is seen of an image, on average


@dataclass(frozen=True)
class ImageTreatment:
    """How all images of a set are read: the background of transparency, and black and white of each depth."""

    background: str = "white"
    levels: Mapping[str, tuple[float, float]] = field(default_factory=lambda: dict(DEEP))
    scaled: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


def load_image_folder(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    path: str | Path,
    height: int = 64,
    width: int = 64,
    colours: str = "rgb",
    fit: str = "crop",
    background: str = "auto",
    levels: tuple[float, float] | None = None,
    broken: str = "refuse",
) -> LoadedSamples:
    """``image`` float32 (samples, channels, height, width) in [0, 1], and ``label`` int64, classes in order of name.

    Images may be in folders inside a class's folder. ``colours``: ``rgb`` or ``grey``. ``fit``: how an image of another
    size is resized: ``crop`` its middle, ``pad`` with black, or ``stretch``. ``background``: the colour behind
    transparent images; ``auto``: white, black where an image is bright, or grey where others are dark. ``levels``: the
    values of black and white in images of more than 8 bits per channel. ``broken``: ``refuse`` files that do not
    decode, or ``drop`` them.
    """
    listing = list_folder(path)
    channels = 3 if colours == "rgb" else 1
    check_folder_memory(path, len(listing.files), channels, height, width)
    image_headers = [_header_or_problem(file) for file, _ in listing.files]
    treatment = plan_images(listing, image_headers, background, levels)
    images = np.empty((len(image_headers), channels, height, width), dtype=np.float32)
    reasons = []
    for row, (file, _) in enumerate(listing.files):
        reason = image_headers[row]
        if isinstance(reason, ImageHeader):
            reason = _read_into(images[row], file, (height, width, colours, fit), treatment)
        reasons.append(reason)
    whole, left_out = without_broken(listing, reasons, broken)
    label = np.array([label for _, label in listing.files], dtype=np.int64)
    return LoadedSamples(
        {"image": images if len(whole) == len(images) else images[whole], "label": label[whole]},
        {"label": listing.classes},
        [listing.files[row][0].relative_to(path).as_posix() for row in whole],
        left_out=(*listing.left_out, *left_out, *films(image_headers)),
        scaled=treatment.scaled,
        guesses=(*listing.guesses, *treatment.guesses),
        decisions={"background": treatment.background, "levels": dict(treatment.levels)},
        form={
            "classes": listing.classes,
            "size": (height, width, colours, fit),
            "background": treatment.background,
            "levels": dict(treatment.levels),
            "skip_broken": broken == "drop",
        },
    )


def _header_or_problem(file: Path) -> ImageHeader | str:
    """The header of a file, or what is wrong with it."""
    try:
        return read_image_header(file)
    except DataError as error:
        return error.message


def _read_into(
    image: np.ndarray, file: Path, size: tuple[int, int, str, str], treatment: ImageTreatment
) -> str:
    """Read a file into an image; returns what is wrong with it, or nothing."""
    try:
        image[:] = read_image(file, *size, treatment.background, treatment.levels)
    except DataError as error:
        return error.message
    return ""


def check_folder_memory(
    path: str | Path, files: int, channels: int, height: int, width: int
) -> None:
    """Refuse images that do not fit into memory."""
    need = files * channels * height * width * 4
    if need > memory_left():
        raise DataError(
            f"{path}: {files} images of {height} x {width} need {size_text(need)} of memory, and "
            f"{size_text(memory_left())} are left.",
            "Choose a smaller height and width.",
        )


def plan_images(
    listing: Listing,
    image_headers: Sequence[ImageHeader | str],
    background: str = "auto",
    levels: Sequence[float] | None = None,
) -> ImageTreatment:
    """How all images of the set are read. ``image_headers``: the header of each file, or what is wrong with it."""
    readable = [
        (file, header)
        for (file, _), header in zip(listing.files, image_headers, strict=True)
        if isinstance(header, ImageHeader)
    ]
    black_white, scaled, guesses = dict(DEEP), [], []
    for depth in DEEP:
        files = [file for file, header in readable if header.depth == depth]
        if not files:
            del black_white[depth]
            continue
        if levels is not None:
            black_white[depth] = (levels[0], levels[1])
            check_levels(black_white[depth])
        else:
            low, high = _span(files)
            black_white[depth] = usual_levels(low, high, is_whole=depth != "float")
            if black_white[depth] != DEEP[depth]:
                guesses.append(levels_guess(f"{depth} images", low, high, black_white[depth]))
        scaled.append(levels_text(f"{depth} images", black_white[depth]))
    transparent = [file for file, header in readable if header.has_alpha and not header.depth]
    ground = background if background != "auto" else _background(transparent)
    if transparent:
        scaled.append(
            f"transparency laid on {ground} (images that can have it: {len(transparent):,})"
        )
    return ImageTreatment(ground, black_white, tuple(scaled), tuple(guesses))


def _span(files: Sequence[Path]) -> tuple[float, float]:
    """The smallest and the largest value of all files that decode."""
    ranges = []
    for file in files:
        try:
            ranges.append(value_range(file))
        except DataError:  # reported when it is read
            continue
    return min((low for low, _ in ranges), default=0.0), max(
        (high for _, high in ranges), default=1.0
    )


def _background(files: Sequence[Path]) -> str:
    """White; black where an image is bright and would vanish on white; grey where others are dark, too."""
    brightnesses = []
    for at in range(0, len(files), max(1, len(files) // MAX_JUDGED)):
        try:
            brightness, amount = visible_brightness(files[at])
        except DataError:
            continue
        brightnesses += [brightness] if amount else []
    if max(brightnesses, default=0) <= BRIGHT:
        return "white"
    return "black" if min(brightnesses) >= DARK else "grey"


def without_broken(
    listing: Listing, reasons: Sequence[str], broken: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The indices of whole files, and a text about the others. ``reasons``: what is wrong with each, or nothing."""
    bad = [row for row, reason in enumerate(reasons) if reason]
    whole = np.array([row for row, reason in enumerate(reasons) if not reason], dtype=np.int64)
    if not bad:
        return whole, ()
    if broken != "drop":
        raise _broken(listing, bad, reasons[bad[0]])
    names = [listing.files[row][0].relative_to(listing.path).as_posix() for row in bad]
    left = {listing.files[row][1] for row in whole.tolist()}
    for label, name in enumerate(listing.classes):
        if label not in left:
            raise DataError(
                f"{listing.path}: no image of {name} can be decoded.", "Replace the files."
            )
    return whole, (
        f"{len(bad):,} broken {'file' if len(bad) == 1 else 'files'} ({enumeration(names)})",
    )


def _broken(listing: Listing, bad: Sequence[int], first: str) -> DataError:
    """The error for broken files, by index. ``first``: what is wrong with the first of them."""
    remedy = SettingFix("broken", "drop", "Leave out the broken images")
    hint = "Replace or delete {}, or set broken to drop to leave {} out."
    if len(bad) == 1:
        return FixableError(first, hint.format("the file", "it"), remedy)
    names = [listing.files[row][0].relative_to(listing.path).as_posix() for row in bad]
    reason = first.removeprefix(f"{listing.files[bad[0]][0]}: ").removeprefix(UNDECODED)
    return FixableError(
        f"{listing.path}: {len(bad):,} of {len(listing.files):,} files cannot be decoded as images: "
        f"{enumeration(names)}. The first: {reason}",
        hint.format("the files", "them"),
        remedy,
    )


def films(image_headers: Sequence[ImageHeader | str]) -> tuple[str, ...]:
    """A text about files with several images, if there are any."""
    many = sum(isinstance(header, ImageHeader) and header.has_more for header in image_headers)
    what = "file" if many == 1 else "files"
    return (f"all but the first image of {many:,} {what} with several",) if many else ()
