"""The value of a setting that a phase does without, although the training has it."""

from enum import Enum


class Off(Enum):
    """Its type, with `OFF` alone."""

    OFF = "off"


OFF = Off.OFF
