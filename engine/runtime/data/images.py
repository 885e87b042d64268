"""Which files of a folder of images do not decode, found without decoding all of them."""

from pathlib import Path

from PIL import Image

from resources.snippets.image_file import MOST_PIXELS, ImageFacts, image_facts, read_image
from resources.snippets.rows import DataError, regular

_JPEG, _JPEG_END, _PNG = b"\xff\xd8\xff", b"\xff\xd9", b"\x89PNG\r\n\x1a\n"
_MOST_KNOWN = 200_000
_sound: dict[tuple[str, int, int], ImageFacts] = {}
"""Files that were found sound, by path, time of change and size; the oldest are forgotten first."""


def inspected(file: Path) -> ImageFacts | str:
    """What the header of an image says, or what is wrong with the file.

    A PNG whose checksums are right and a JPEG that ends as one does are taken at their word; all others are decoded.
    """
    try:
        facts = regular(file).stat()
        key = (str(file), facts.st_mtime_ns, facts.st_size)
    except (OSError, DataError):  # a link to nowhere, a pipe: reading says so
        return _decoded(file)
    if key not in _sound:
        found = _decoded(file) if not _looks_whole(file) else image_facts(file)
        if isinstance(found, str):
            return found
        if len(_sound) >= _MOST_KNOWN:
            del _sound[next(iter(_sound))]
        _sound[key] = found
    return _sound[key]


def _decoded(file: Path) -> ImageFacts | str:
    try:
        read_image(file, 1, 1, "grey", "stretch")
        return image_facts(file)
    except DataError as wrong:
        return wrong.message


def _looks_whole(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            start = opened.read(8)
            opened.seek(-2, 2)
            end = opened.read(2)
        if not start.startswith((_JPEG, _PNG)):
            return False
        with Image.open(file) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            if start.startswith(_JPEG):
                return end == _JPEG_END
            image.verify()
    except Exception:  # noqa: BLE001 (a broken file makes decoders raise almost anything: decoding tells what)
        return False
    return True
