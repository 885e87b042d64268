"""The kinds of data for the user's folders of masks, texts and sounds."""

from engine.catalog.data.image_params import BACKGROUND, COLOURS, FIT, HEIGHT, LEVELS, WIDTH
from engine.catalog.data.spec import LABEL, Dataset, Field
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, Float, Int
from engine.catalog.text_params import Text, Texts

TABLE_PATH = Text(
    "path",
    "",
    path=True,
    required=True,
    placeholder="a .csv file",
    patterns=("*.csv", "*.tsv", "*.txt"),
    help="The file, relative to the project file; its first line names the columns.",
)
BROKEN = Choice(
    "broken",
    "refuse",
    options=("refuse", "drop"),
    help="For files that cannot be used: refuse the folder, or leave them out and list them.",
)


def _folder(name: str, placeholder: str, help_text: str) -> Text:
    return Text(name, "", path=True, folder=True, required=True, placeholder=placeholder, help=help_text)


TEXT_PARAMS = (
    Choice(
        "units",
        "words",
        options=("words", "characters"),
        help="What gets a number: words, and signs as words of their own, or characters.",
    ),
    Int("length", 100, min=1, max=100_000, help="Numbers of each text: longer texts are cut, shorter ones get zeros."),
    Int(
        "vocabulary",
        10_000,
        min=3,
        max=10_000_000,
        help="How many numbers there are: 0 for filling up, 1 for what is unknown, and the most frequent units of the "
        "training samples.",
    ),
    Flag("lower", True, help="Read capital letters as small ones."),
    Choice("keep", "start", options=("start", "end"), help="The part of a long text that is kept."),
)
TOKENS = Field("tokens", "tokens", (None,), help="0 fills up, 1 is unknown, from 2 on the most frequent come first.")
TEXT_FOLDER = Dataset(
    kind="TextFolder",
    loader="text.classes:load_text_folder",
    reader="text.file:read_known_texts",
    new="text.file:read_new_texts",
    new_files="a text file or a folder of text files",
    summary="A folder with one folder of text files for each class.",
    fields=(TOKENS, LABEL),
    params=(_folder("path", "a text folder", "The folder, relative to the project file."), *TEXT_PARAMS, BROKEN),
)
TEXT_TABLE = Dataset(
    kind="TextTable",
    loader="text.classes:load_text_table",
    reader="text.file:read_known_text_table",
    new="text.file:read_new_text_table",
    new_files="a CSV table with the column of texts, or a text file with one text a line",
    summary="A table with a column of texts and a column of classes, in a CSV file.",
    fields=(TOKENS, LABEL),
    params=(
        TABLE_PATH,
        Text("column", "text", column=True, placeholder="a column", help="The column with the texts."),
        Text("target", "", required=True, column=True, placeholder="a column", help="The column with the classes."),
        *TEXT_PARAMS,
        BROKEN,
    ),
)
WAVEFORM = (Idle("features", "a waveform has no spectrum", values=("waveform",)),)
AUDIO_FOLDER = Dataset(
    kind="AudioFolder",
    loader="audio.classes:load_audio_folder",
    reader="audio.sounds:read_known_sounds",
    new="audio.sounds:read_new_sounds",
    new_files="a sound file or a folder of sound files",
    summary="A folder with one folder of sounds for each class: WAV, or FLAC and OGG with the package soundfile.",
    fields=(
        Field("sound", "spectrogram", (1, None, None), help="Bands or coefficients, and frames; or a waveform."),
        LABEL,
    ),
    params=(
        _folder("path", "a sound folder", "The folder, relative to the project file."),
        Choice(
            "features",
            "log-mel",
            options=("log-mel", "mfcc", "waveform"),
            help="The logarithm of the power in bands, cepstral coefficients, or the samples (1, rate * seconds).",
        ),
        Int("rate", 16_000, min=100, max=400_000, unit="Hz", help="Every sound is brought to this sampling rate."),
        Float(
            "seconds", 1.0, above=0.0, max=3600.0, unit="s", help="Longer sounds are cut, silence follows shorter ones."
        ),
        Choice("keep", "start", options=("start", "middle"), help="The part of a long sound that is kept."),
        Int("bands", 40, min=2, max=1024, idle=WAVEFORM, help="Bands of the spectrum, equally wide on the mel scale."),
        Int(
            "coefficients",
            13,
            min=1,
            max=1024,
            idle=(Idle("features", "only mfcc has coefficients", but=("mfcc",)),),
            help="Cepstral coefficients of each frame.",
        ),
        Float(
            "window", 25.0, above=0.0, max=10_000.0, unit="ms", idle=WAVEFORM, help="Length of a frame of the spectrum."
        ),
        Float("hop", 10.0, above=0.0, max=10_000.0, unit="ms", idle=WAVEFORM, help="Time from one frame to the next."),
        BROKEN,
    ),
)
SERIES = Dataset(
    kind="Series",
    loader="series.table:load_series",
    reader="series.windows:read_known_series",
    new="series.windows:read_new_series",
    new_files="a CSV table whose last rows are the window",
    in_time=True,
    summary="A table of values over time, in a CSV file: windows, and the values that follow each.",
    fields=(
        Field("series", "series", (None, None), help="The rows of the window, and its channels."),
        Field("future", "series", (None, None), help="The rows that follow, and the columns to predict."),
    ),
    params=(
        TABLE_PATH,
        Text(
            "time",
            "",
            column=True,
            placeholder="rows in order",
            help="The column of the times; the rows must be in their order.",
        ),
        Texts("columns", (), placeholder="all others", help="The columns that the network sees."),
        Texts("targets", (), placeholder="all columns", help="The columns that it predicts."),
        Int("window", 24, min=1, max=1_000_000, help="Rows that the network sees."),
        Int("horizon", 1, min=1, max=1_000_000, help="Rows that it predicts."),
        Int("stride", 1, min=1, max=1_000_000, help="Rows from one window to the next."),
        Choice(
            "missing",
            "refuse",
            options=("refuse", "previous"),
            help="For empty cells: refuse the file, or repeat the value before.",
        ),
    ),
)
MASK_FOLDER = Dataset(
    kind="MaskFolder",
    loader="image.pairs:load_mask_folder",
    reader="image.mask:read_known_pairs",
    summary="A folder of images and one of masks, which give a class to each pixel; pairs have the same name.",
    fields=(
        Field("image", "image", (None, None, None), help="Channels, height, width; in [0, 1]."),
        Field("mask", "mask", (None, None), help="The class of each pixel: a value of the masks, in ascending order."),
    ),
    params=(
        _folder("images", "images", "The folder of the images, relative to the project file."),
        _folder("masks", "masks", "The folder of the masks (PNG, TIFF), each named as its image."),
        HEIGHT,
        WIDTH,
        COLOURS,
        FIT,
        BACKGROUND,
        LEVELS,
        Texts("class_names", (), help="Names of the classes, in the order of the values in the masks."),
        BROKEN,
    ),
)
