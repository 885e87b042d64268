"""Finds image files that do not decode, without decoding all of a large folder."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from resources.snippets.image.decode import MAX_PIXELS
from resources.snippets.image.file import ImageHeader, decode, read_image_header
from resources.snippets.samples import DataError, regular_file

DECODED_BYTES = 32 * 2**20  # of files in a folder; of larger ones only those are decoded that do not look whole
_JPEG, _JPEG_END, _PNG = b"\xff\xd8\xff", b"\xff\xd9", b"\x89PNG\r\n\x1a\n"
_MAX_KNOWN = 200_000
_Stamp = tuple[str, int, int]
_headers: dict[tuple[_Stamp, bool], ImageHeader] = {}
"""Headers of files that are not broken, by path, time of change and size, and whether they were decoded; the oldest are
forgotten first."""


def image_headers(files: Sequence[Path]) -> list[ImageHeader | str]:
    """The header of each image, or what is wrong with the file.

    In a large folder a PNG whose checksums are right and a JPEG that ends as one does are trusted.
    """
    stamps = [_stamp(file) for file in files]
    is_small = sum(stamp[2] for stamp in stamps if stamp) <= DECODED_BYTES
    return [_image_header(file, stamp, is_small) for file, stamp in zip(files, stamps, strict=True)]


def _stamp(file: Path) -> _Stamp | None:
    try:
        stamp = regular_file(file).stat()
    except (OSError, DataError):  # a link to nowhere, a pipe: reading reports it
        return None
    return str(file), stamp.st_mtime_ns, stamp.st_size


def _image_header(file: Path, stamp: _Stamp | None, is_decoded: bool) -> ImageHeader | str:
    header = _headers.get((stamp, True)) or _headers.get((stamp, is_decoded)) if stamp else None
    if header is not None:
        return header
    try:
        if is_decoded or not _looks_whole(file):
            decode(file)
            is_decoded = True
        header = read_image_header(file)
    except DataError as wrong:
        return wrong.message
    if stamp:
        if len(_headers) >= _MAX_KNOWN:
            del _headers[next(iter(_headers))]
        _headers[stamp, is_decoded] = header
    return header


def _looks_whole(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            start = stream.read(8)
            stream.seek(-2, 2)
            end = stream.read(2)
        if not start.startswith((_JPEG, _PNG)):
            return False
        with Image.open(file) as image:
            if image.width * image.height > MAX_PIXELS:
                return False
            if start.startswith(_JPEG):
                return end == _JPEG_END
            image.verify()
    except Exception:  # noqa: BLE001 (a broken file makes decoders raise almost anything: decoding reports what)
        return False
    return True
