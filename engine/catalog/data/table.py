"""The kind of data for the user's tables: how the file is read, and the roles of its columns."""

from engine.catalog.data.roles import Roles
from engine.catalog.data.spec import Dataset, Field, Implied
from engine.catalog.params import Choice, Int
from engine.catalog.text_params import Text, Texts

TABLE_FILES = ("*.csv", "*.tsv", "*.txt", "*.csv.gz", "*.tsv.gz", "*.txt.gz", "*.xlsx", "*.xlsm", "*.data")
ENCODINGS = (
    "auto",
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "mac-roman",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
)
CSV = Dataset(
    kind="Csv",
    loader="tables:load_csv",
    storage="table",
    implied=(Implied("missing", "mean", "FillMissing", "features"),),
    summary="A table in a CSV file or an Excel workbook, with a line that names the columns.",
    fields=(
        Field(
            "features",
            "table",
            (None,),
            help="Numbers as they are; categories as one-hot vectors; dates as days since the first.",
        ),
        Field("label", "label", (), "The class number, when the target column holds classes."),
        Field("target", "number", (1,), help="The number to predict, when the target column holds numbers."),
    ),
    params=(
        Text(
            "path",
            "",
            path=True,
            required=True,
            placeholder="a .csv file",
            patterns=TABLE_FILES,
            help="The file, relative to the project file.",
        ),
        Text("target", "", required=True, column=True, placeholder="a column", help="The column to predict."),
        Texts(
            "features",
            (),
            placeholder="all others",
            help="The columns to predict it from; all others when none is named.",
        ),
        Choice(
            "task",
            "auto",
            options=("auto", "classification", "regression"),
            help="What the target is; auto: text, or at most 20 different whole numbers, are classes.",
        ),
        Choice(
            "missing",
            "refuse",
            options=("refuse", "drop", "mean"),
            help="For empty cells: refuse the file, drop the row, or use the mean, or the most frequent category.",
        ),
        Texts(
            "marks",
            (),
            placeholder="the usual ones",
            help="Texts that mean a missing value in every column, such as -999, beside the usual ones.",
        ),
        Roles(
            "roles",
            (),
            options=("number", "category", "date", "ignore", "target"),
            stands_for=(("target", "target"),),
            help="The role of a column, where its cells suggest a wrong one; ignore leaves the column out.",
        ),
        Choice(
            "header",
            "auto",
            options=("auto", "yes", "no"),
            help="Whether the first line of the table names the columns; auto: yes, unless it is like the other rows.",
        ),
        Int(
            "skip",
            None,
            min=0,
            max=1_000_000,
            none="automatic",
            help="Lines above the table that are not part of it.",
        ),
        Choice(
            "decimal",
            "auto",
            options=("auto", "point", "comma"),
            help="The decimal mark of numbers; auto: by all cells of a column, else by those of the others.",
        ),
        Choice(
            "dates",
            "auto",
            options=("auto", "day_first", "month_first"),
            help="What comes first in dates such as 03/04/2024; auto: by all dates of a column.",
        ),
        Choice(
            "encoding",
            "auto",
            options=ENCODINGS,
            help="The character encoding of the file; auto: UTF-8 or UTF-16, else Windows-1252.",
        ),
        Text("sheet", "", placeholder="the first with data", help="The sheet of a workbook that holds the table."),
    ),
)
