"""The data sets that ship with the app."""

from engine.catalog.data.spec import LABEL, Dataset, Field

DIGITS = Dataset(
    kind="Digits",
    loader="shipped:load_shipped",
    file="digits.npz",
    summary="1,797 handwritten digits, grey, 8 x 8 pixels.",
    fields=(Field("image", "image", (1, 8, 8), help="Brightness, in [0, 1]."), LABEL),
    source="Alpaydin and Kaynak 1998, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
FASHION_MNIST = Dataset(
    kind="FashionMNIST",
    loader="shipped:load_shipped",
    file="fashion.npz",
    summary="6,000 pieces of clothing of ten kinds, grey, 28 x 28 pixels; Idx reads the full 70,000.",
    fields=(Field("image", "image", (1, 28, 28), help="Brightness, in [0, 1]."), LABEL),
    source="Xiao, Rasul and Vollgraf 2017, Zalando",
    licence="MIT",
)
IRIS = Dataset(
    kind="Iris",
    loader="shipped:load_shipped",
    file="iris.npz",
    summary="150 irises of three species, by the size of their petals and sepals.",
    fields=(Field("features", "table", (4,), help="Length and width of sepal and petal, in cm."), LABEL),
    source="Fisher 1936, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
BREAST_CANCER = Dataset(
    kind="BreastCancer",
    loader="shipped:load_shipped",
    file="breast_cancer.npz",
    summary="569 tumours, malignant or benign, by measurements of their cells.",
    fields=(
        Field("features", "table", (30,), help="Ten measures of cell nuclei: mean, error and worst, unscaled."),
        LABEL,
    ),
    source="Wolberg, Mangasarian and Street 1995, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
DIABETES = Dataset(
    kind="Diabetes",
    loader="shipped:load_shipped",
    file="diabetes.npz",
    summary="442 patients, and how far their diabetes progressed in a year: a number to predict.",
    fields=(
        Field(
            "features",
            "table",
            (10,),
            help="Age, sex, body mass index, blood pressure and six blood values, as measured.",
        ),
        Field("target", "number", (1,), help="Progression of the disease, 25 to 346."),
    ),
    source="Efron, Hastie, Johnstone and Tibshirani 2004",
    licence="BSD-3-Clause, as a part of scikit-learn",
)
SPOKEN_DIGITS = Dataset(
    kind="SpokenDigits",
    loader="shipped:load_shipped",
    file="spoken_digits.npz",
    summary="480 recordings of the ten digits by 24 artificial voices, 0.75 s at 8 kHz.",
    fields=(
        Field("audio", "audio", (1, 6000), help="The sound, in [-1, 1]."),
        LABEL,
        Field("voice", "group", (), help="Who speaks; split by it to judge voices that the network has not heard."),
    ),
    source="Generated with espeak-ng 1.51",
    licence="MIT, as a part of Torchloom",
)
PENGUINS = Dataset(
    kind="Penguins",
    loader="shipped:load_shipped",
    file="penguins.npz",
    summary="342 penguins of three species, by bill, flipper and weight.",
    fields=(
        Field("features", "table", (4,), help="Length and depth of the bill and length of a flipper in mm, mass in g."),
        LABEL,
    ),
    source="Gorman, Williams and Fraser 2014, Palmer Station LTER",
    licence="CC0",
)
MOTION = Dataset(
    kind="Motion",
    loader="shipped:load_shipped",
    file="motion.npz",
    summary="80 recordings of a smart watch: standing, walking, running or playing badminton.",
    fields=(
        Field(
            "series",
            "series",
            (100, 6),
            help="Ten seconds in steps of 0.1 s: acceleration and rotation along three axes.",
        ),
        LABEL,
    ),
    source="Bagnall and others 2018, UEA multivariate time series archive",
    licence="BSD-3-Clause, as a part of aeon",
)
