"""The JSON forms of what a trained network is asked, and of what it answers."""

from typing import Literal, NotRequired, TypedDict

Way = Literal["picture", "row", "numbers"]
"""How a field is given: the bytes of an image file, the cells of a row, or lists of numbers."""


class ColumnWanted(TypedDict):
    """A column of a table. ``categories``: its texts, or none of a column of numbers; ``date``: that it holds dates.

    ``min``, ``max``: of its numbers in the training samples; ``example``: the cell of the first of them; where these
    can be read.
    """

    name: str
    categories: list[str]
    date: bool
    min: NotRequired[float]
    max: NotRequired[float]
    example: NotRequired[str]


class InputWanted(TypedDict):
    """A field that the network takes: its kind, one of `engine.catalog.data.field_kinds`, and the shape of a sample.

    ``way``: how it is given. ``columns``: of a row. ``example``: the first training sample, of numbers.
    ``min``, ``max``, ``mean``: of its values in the training samples, where these can be read. ``most``: how many
    different whole numbers there are.
    """

    field: str
    kind: str
    way: Way
    shape: list[int]
    example: NotRequired[list[float]]
    columns: list[ColumnWanted]
    min: NotRequired[float]
    max: NotRequired[float]
    mean: NotRequired[float]
    most: NotRequired[int]


class AskForm(TypedDict):
    """What a network can be asked.

    ``classes``: the names of the classes that it chooses from. ``parts``: how many samples each part of its data has;
    empty, with ``data_problem``, where the data cannot be read. ``explanations``: names in `EXPLANATIONS`.
    ``convolutions``: the modules that Grad-CAM can look at, in the order of the network.
    """

    run: str
    epoch: int
    network: str
    inputs: list[InputWanted]
    classes: list[str]
    parts: dict[str, int]
    data_problem: str
    explanations: list[str]
    convolutions: list[str]


class Pixels(TypedDict):
    """An image. ``bytes``: base64 of one byte for each value, by row, column and channel."""

    height: int
    width: int
    channels: int
    bytes: str


class NodeOutput(TypedDict):
    """The output of a node for one sample. ``form``: what the picture shows.

    ``maps``: the channels of an image, side by side; ``strip``: a vector, folded; ``matrix``: rows and columns.
    """

    form: Literal["maps", "strip", "matrix"]
    shape: list[int]
    picture: Pixels
    min: float
    max: float
    mean: float
    zero_share: float  # the share of values that are zero, in [0, 1]


class ColumnImportance(TypedDict):
    """How much worse the answers are when a column is shuffled: the drop in accuracy, or the rise of the error."""

    name: str
    drop: float


class Explanation(TypedDict):
    """Why the network answers so: an image of importance, or the importance of columns. ``text``: what it is of."""

    text: str
    heat: NotRequired[Pixels]
    columns: NotRequired[list[ColumnImportance]]


class SampleGiven(TypedDict):
    """What the network got. ``cells``: of a row, by column; ``picture``: of an image; ``numbers``: others."""

    field: str
    picture: NotRequired[Pixels]
    cells: NotRequired[dict[str, str]]
    numbers: NotRequired[list[float]]


class Reply(TypedDict):
    """The answers to a question. ``answers``: an object for each sample, as in ``predict --json``.

    ``truth``: of a sample of the data, what it holds for the answer. ``pictures``: outputs that are images, by name.
    ``given``: of the first sample; ``nodes``: the output of each node, by path.
    """

    answers: list[dict[str, object]]
    given: list[SampleGiven]
    truth: str
    pictures: dict[str, Pixels]
    nodes: dict[str, NodeOutput]
    explanation: NotRequired[Explanation]


EXPLANATIONS: dict[str, str] = {
    "grad_cam": "Grad-CAM",
    "gradients": "Input gradients",
    "occlusion": "Occlusion",
    "importance": "Importance of columns",
}
"""The titles of the explanations."""
