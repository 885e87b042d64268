"""Lines from a stream of bytes, of limited length."""

MAX_LINE = 32 << 20
"""Bytes of the longest message; a longer line is dropped as it comes."""


class LineTooLong(ValueError):
    """A line of more than `MAX_LINE` bytes; the next one is read as usual."""


class Lines:
    """Splits pieces of a stream into whole lines, without their ends."""

    def __init__(self, longest: int = MAX_LINE) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._size = 0
        self._dropping = False

    def feed(self, piece: bytes) -> list[bytes | LineTooLong]:
        """The lines that end in this piece; in place of a dropped one, its `LineTooLong`."""
        *ended, rest = piece.split(b"\n")
        whole: list[bytes | LineTooLong] = []
        for part in ended:
            self._add(part)
            whole.append(self._line())
        self._add(rest)
        return [line for line in whole if line != b""]

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._longest:
            self._parts, self._dropping = [], True
        elif part:
            self._parts.append(part)

    def _line(self) -> bytes | LineTooLong:
        size, dropped, line = self._size, self._dropping, b"".join(self._parts).removesuffix(b"\r")
        self._parts, self._size, self._dropping = [], 0, False
        return LineTooLong(f"a line of {size:,} bytes; at most {self._longest:,} are read") if dropped else line
