"""Prints ``docs/layers.md``, and with the argument ``data`` the page ``docs/data.md``."""

import sys

from engine.catalog.doc_pages.pages import data_book, handbook

if __name__ == "__main__":
    sys.stdout.write(data_book() if sys.argv[1:] == ["data"] else handbook())
