"""Files of other formats than text, recognized by their first bytes, and what to do with them."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from resources.snippets.samples import DataError

SAVE_AS_CSV = "Open it where it was made and save it as CSV, in Excel as 'CSV UTF-8'."
UNPACK = "Unpack it, and name the table that was in it."
FOREIGN_STARTS = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel 97 workbook (.xls) or another old Office file",
        SAVE_AS_CSV,
    ),
    (b"BZh", "packed with bzip2", UNPACK),
    (b"\xfd7zXZ\x00", "packed with xz", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", UNPACK),
    (b"Rar!", "packed with RAR", UNPACK),
    (
        b"PAR1",
        "a Parquet file",
        "Save the table as CSV, such as with pandas: to_csv(path, index=False).",
    ),
    (
        b"ARROW1",
        "an Arrow file",
        "Save the table as CSV, such as with pandas: to_csv(path, index=False).",
    ),
    (
        b"FEA1",
        "a Feather file",
        "Save the table as CSV, such as with pandas: to_csv(path, index=False).",
    ),
    (
        b"\x89HDF\r\n\x1a\n",
        "an HDF5 file",
        "Save the table as CSV, such as with pandas: to_csv(path, index=False).",
    ),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table as CSV."),
    (b"\x93NUMPY", "an array of NumPy (.npy)", "Save it with numpy.savez, and read that as Npz."),
    (
        b"\x80\x04\x95",
        "a Python pickle",
        "Save the table as CSV, such as with pandas: to_csv(path, index=False).",
    ),
    (b"%PDF-", "a PDF document", SAVE_AS_CSV),
    (b"{\\rtf", "a document in Rich Text Format", SAVE_AS_CSV),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "Read images as ImageFolder."),
    (b"\xff\xd8\xff", "a JPEG image", "Read images as ImageFolder."),
    (b"$FL2", "a data file of SPSS", SAVE_AS_CSV),
    (b"<stata_dta>", "a data file of Stata", SAVE_AS_CSV),
    (b"\x7fELF", "a program", "Name the file that holds the table."),
    (b"MZ", "a program", "Name the file that holds the table."),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS, not the table itself",
        "Fetch the file: git lfs pull.",
    ),
)
MARKUP = (
    (
        b"<!doctype html",
        "a web page",
        "The download gave a page, often one that asks to log in: download the file itself.",
    ),
    (
        b"<html",
        "a web page",
        "The download gave a page, often one that asks to log in: download the file itself.",
    ),
    (b"<?xml", "an XML file", SAVE_AS_CSV),
    (
        b"@relation",
        "an ARFF file",
        "Replace all lines that begin with @ by one that names the columns.",
    ),
    (
        b'{"',
        "a JSON file",
        "Save the table as CSV, such as with pandas: read_json(path).to_csv(new, index=False).",
    ),
    (
        b"[{",
        "a JSON file",
        "Save the table as CSV, such as with pandas: read_json(path).to_csv(new, index=False).",
    ),
)
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
START_BYTES = 512


def refuse_foreign(path: str, start: bytes) -> None:
    """Refuse a file that is not a table of text. ``start``: the first bytes of the file, unpacked."""
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    kind = next((each for each in FOREIGN_STARTS if start.startswith(each[0])), None)
    kind = kind or next((each for each in MARKUP if bare.startswith(each[0])), None)
    if start[257:262] == b"ustar":
        kind = (b"", "an archive of tar", UNPACK)
    if start.startswith(b"MZ") and b"\x00" not in start:  # the name of a column may begin so
        kind = None
    if kind:
        raise DataError(f"{path} is {kind[1]}.", kind[2])


def is_workbook(path: str, start: bytes) -> bool:
    """Whether a file is an Excel workbook (.xlsx); any other ZIP archive is refused."""
    if not start.startswith(ZIP):
        return False
    try:
        with ZipFile(Path(path)) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, NotImplementedError, ValueError):
        raise DataError(
            f"{path} is a ZIP archive, and a broken one.", "Download or save it again."
        ) from None
    if "xl/workbook.xml" in names:
        return True
    kinds = (
        (
            "xl/workbook.bin",
            "a binary Excel workbook (.xlsb)",
            "Save it as .xlsx, or as 'CSV UTF-8'.",
        ),
        (
            "content.xml",
            "an OpenDocument spreadsheet",
            "Save it as CSV, with the character set UTF-8.",
        ),
        ("word/document.xml", "a Word document", SAVE_AS_CSV),
    )
    for name, what, hint in kinds:
        if name in names:
            raise DataError(f"{path} is {what}.", hint)
    if names and all(name.endswith(".npy") for name in names):
        raise DataError(f"{path} is an NPZ file of arrays.", "Read it as Npz.")
    inside = f" of {len(names)} files" if len(names) != 1 else f", with {names[0][:60]} inside"
    raise DataError(f"{path} is packed with zip{inside}.", UNPACK)
