"""Lines out of bytes that arrive in any pieces, and nothing that grows without bound."""

MAX_LINE = 32 << 20
"""Bytes of the longest message; a longer line is dropped as it comes."""


class LineTooLong(ValueError):
    """A line of more than `MAX_LINE` bytes; the next one is read as usual."""


class Lines:
    """Takes pieces of a stream and gives whole lines, without their ends."""

    def __init__(self, longest: int = MAX_LINE) -> None:
        self._longest = longest
        self._begun: list[bytes] = []
        self._size = 0
        self._dropping = False

    def feed(self, piece: bytes) -> list[bytes | LineTooLong]:
        """The lines that end in this piece; in place of a dropped one, its `LineTooLong`."""
        *ended, rest = piece.split(b"\n")
        whole: list[bytes | LineTooLong] = []
        for part in ended:
            self._add(part)
            whole.append(self._taken())
        self._add(rest)
        return [line for line in whole if line != b""]

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._longest:
            self._begun, self._dropping = [], True
        elif part:
            self._begun.append(part)

    def _taken(self) -> bytes | LineTooLong:
        size, dropped, line = self._size, self._dropping, b"".join(self._begun).removesuffix(b"\r")
        self._begun, self._size, self._dropping = [], 0, False
        return LineTooLong(f"a line of {size:,} bytes; at most {self._longest:,} are read") if dropped else line
