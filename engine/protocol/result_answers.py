"""The results of a run as JSON: what ``evaluate --json`` prints, and what the window shows."""

from typing import Literal, NotRequired, TypedDict

from engine.protocol.data_answers import FieldShown

Task = Literal["classes", "tags", "numbers"]


class SampleResult(TypedDict):
    """A sample with its truth and its answer, as text. ``at``: its index in the part.

    ``probability``: of the predicted class. ``error``: how wrong the answer is, see `engine.runtime.worst_samples`.
    ``scores``: the probabilities of the likeliest classes. ``row``: the values of a table's row, by column.
    """

    at: int
    place: str
    truth: str
    answer: str
    error: float
    probability: NotRequired[float]
    scores: NotRequired[list[tuple[str, float]]]
    fields: NotRequired[dict[str, FieldShown]]
    row: NotRequired[dict[str, str]]


class ClassMetrics(TypedDict):
    """How well one class is recognized: shares in [0, 1], ``None`` where no sample decides them.

    ``support``: the samples of the class. ``predicted``: those that are predicted to be.
    ``roc_auc``, ``average_precision``: of the class against all others.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int
    predicted: int
    roc_auc: float | None
    average_precision: float | None


class MeanMetrics(TypedDict):
    """Metrics of all classes as one. ``macro``: each class counts the same; ``weighted``: by its samples."""

    precision: float
    recall: float
    f1: float


class Curve(TypedDict):
    """A class against the others, at falling thresholds of its probability: the last point accepts all samples.

    ``positives``, ``negatives``: the samples of the class, and the others. ``hits``, ``false_alarms``: those of each
    whose probability is at least the threshold.
    """

    name: str
    positives: int
    negatives: int
    thresholds: list[float]
    hits: list[int]
    false_alarms: list[int]


class Bin(TypedDict):
    """The answers whose probability is in a range: how many, their mean probability, and the share that is right."""

    low: float
    high: float
    count: int
    probability: float
    right: float


class ClassResults(TypedDict):
    """The results of a network that chooses classes; with tags, each class is a decision of its own.

    ``matrix``: samples by true and predicted class; left out for tags and for very many classes.
    ``threshold``: of two classes, the probability of the second one above which it is predicted; ``None``: more likely.
    ``counted_every``: areas, curves and calibration are computed of every so many answers, to bound memory.
    """

    names: list[str]
    accuracy: float
    classes: list[ClassMetrics]
    macro: MeanMetrics
    weighted: MeanMetrics
    roc_auc: float | None
    average_precision: float | None
    calibration_error: float | None
    curves: list[Curve]
    reliability: list[Bin]
    matrix: NotRequired[list[list[int]]]
    threshold: NotRequired[float | None]
    counted_every: int


class NumberMetrics(TypedDict):
    """The errors of numbers in the unit of the data; ``r2`` is 1 where all is explained."""

    mae: float
    rmse: float
    r2: float


class ColumnMetrics(NumberMetrics):
    """The errors of one of several numbers that are predicted."""

    name: str


class NumberResults(NumberMetrics):
    """The results of a network that predicts numbers. ``unit``: in words; ``measure``: the sign beside a number.

    ``points``: some samples, each with its index in the part, truth and answer of the first number.
    ``edges``, ``counts``: the histogram of the residuals, answer minus truth, of all numbers.
    """

    unit: str
    measure: str
    columns: list[ColumnMetrics]
    points: list[tuple[int, float, float]]
    edges: list[float]
    counts: list[int]
    counted_every: int


class RefusedSample(TypedDict):
    """A sample of a new file that could not be used."""

    place: str
    reason: str


class RunResults(TypedDict):
    """The results of a run on one part of its data, or on a new file.

    ``metrics``: the losses and metrics of its graph. ``task``: left out if no output is compared with a field; ``note``
    then is the reason, as a sentence. ``source``: the file or folder of the samples, empty for built-in data.
    """

    run: str
    part: str
    source: str
    which: str
    epoch: int
    samples: int
    metrics: dict[str, float]
    units: dict[str, str]
    note: str
    refused: int
    refusals: list[RefusedSample]
    task: NotRequired[Task]
    classes: NotRequired[ClassResults]
    numbers: NotRequired[NumberResults]
    worst: list[SampleResult]
    least_sure: list[SampleResult]
