"""The losses that torch lacks: of overlap, of rare classes, of pairs, and of distributions."""

from engine.catalog.emit import Function
from engine.catalog.layers.losses.declaration import REDUCTION, SCALE
from engine.catalog.params import Choice, Flag, Float, Int, Param
from engine.catalog.port_values import WholeNumbers
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Compares, Layer, Port, Range

PAIR = (Port("input", help="The prediction of the network."), Port("target", "any", help="The true value."))
OF_CLASSES = (PAIR[0], Port("target", "any", help="The true value.", numbers=WholeNumbers("C")))
NUMBER = (of(),)
CLASSES = Shapes(
    (of("B", "C", "*", what="scores"), (of("B", "*", what="int class"), of("B", "C", "*", what="0 or 1"))), NUMBER
)
OVERLAP = Compares(takes="scores", targets=Range(0.0, 1.0))
SMOOTH = Float(
    "smooth",
    1.0,
    above=0.0,
    help="Added to both sides of the fraction, so that empty masks have a loss without a jump.",
)
IGNORE_INDEX = Int("ignore_index", -100, help="Targets of this class are ignored, such as padding.")


def _loss(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    function: str,
    summary: str,
    formula: str,
    shape: Shapes,
    source: str,
    *params: Param,
    inputs: tuple[Port, ...] = PAIR,
    compares: Compares | None = None,
    metric: str = "",
) -> Layer:
    return Layer(
        kind=kind,
        family="loss",
        role="loss",
        emit=Function(function, snippet="losses.objectives"),
        summary=summary,
        formula=formula,
        shape=shape,
        source=source,
        params=(*params, SCALE),
        inputs=inputs,
        outputs=(),
        compares=compares,
        metric=metric,
        metric_takes=("ignore_index",) if metric else (),
    )


LAYERS = (
    _loss(
        "DiceLoss",
        "dice_loss",
        "Missing overlap of probabilities and truth; takes scores (logits).",
        "1 - (2 |A and B| + smooth) / (|A| + |B| + smooth)",
        CLASSES,
        "Milletari et al. 2016; Sudre et al. 2017",
        SMOOTH,
        IGNORE_INDEX,
        inputs=OF_CLASSES,
        compares=OVERLAP,
        metric="DiceScore",
    ).known_as("segmentation", "segmentation mask", "overlap", "imbalance", "f1 loss"),
    _loss(
        "IoULoss",
        "iou_loss",
        "Missing intersection over union of probabilities and truth; takes scores (logits).",
        "1 - (|A and B| + smooth) / (|A or B| + smooth)",
        CLASSES,
        "Jaccard 1901; Rahman and Wang 2016",
        SMOOTH,
        IGNORE_INDEX,
        inputs=OF_CLASSES,
        compares=OVERLAP,
        metric="MeanIoU",
    ).known_as("jaccard", "segmentation", "segmentation mask", "overlap"),
    _loss(
        "FocalLoss",
        "focal_loss",
        "Cross entropy of scores (logits) in which easy samples count little.",
        "-(1 - p)^gamma log p, p the probability of the truth",
        CLASSES,
        "Lin et al. 2017",
        Float("gamma", 2.0, min=0.0, help="How little easy samples count; 0 is the cross entropy."),
        Float(
            "alpha",
            None,
            min=0.0,
            max=1.0,
            help="Weight of 1 among targets of 0 and 1, where 0 has the rest; None: 1 for both. Not for classes.",
        ),
        IGNORE_INDEX,
        REDUCTION,
        inputs=OF_CLASSES,
        compares=OVERLAP,
        metric="Accuracy",
    ).known_as("imbalance", "rare class", "detection", "hard examples"),
    _loss(
        "HingeLoss",
        "hinge_loss",
        "Make scores larger than a margin where the target is 1, and below its negative where it is -1.",
        "max(0, margin - target input)",
        Shapes((of("B", "*"), of("B", "*")), NUMBER),
        "Cortes and Vapnik 1995; Lim and Ye 2017 for the discriminator of a GAN",
        Float("margin", 1.0, min=0.0, help="From which score on the right side there is no loss."),
        REDUCTION,
        inputs=(PAIR[0], Port("target", help="1 or -1 for each score.", is_sign=True)),
        compares=Compares(takes="scores", targets=Range(-1.0, 1.0), is_binary=True),
    ).known_as("svm", "support vector", "gan", "discriminator", "adversarial"),
    _loss(
        "InfoNCELoss",
        "info_nce_loss",
        "Cross entropy of finding the partner of each vector among those of all samples, by their cosine.",
        "-log softmax(cos(input1_i, input2_j) / temperature over j)[i]",
        Shapes((of("B", "D"), of("B", "D")), NUMBER),
        "van den Oord et al. 2018; Radford et al. 2021 for symmetric",
        Float(
            "temperature", 0.1, above=0.0, help="What the cosines are divided by; smaller looks at the closest more."
        ),
        Flag("symmetric", False, help="Search in both directions, and take the mean."),
        inputs=(
            Port("input1", help="A vector of each sample."),
            Port("input2", help="Another vector of each sample, its partner."),
        ),
    ).known_as("contrastive", "clip", "simclr", "nt-xent", "self-supervised", "embedding", "similarity"),
    _loss(
        "GaussianKLDivLoss",
        "gaussian_kl_div",
        "Divergence of normal distributions from the standard normal one.",
        "(mean^2 + exp(log_var) - 1 - log_var) / 2",
        Shapes((of("B", "*", port="mean"), of("B", "*", port="log_var")), NUMBER),
        "Kullback and Leibler 1951; Kingma and Welling 2014",
        Choice(
            "reduction",
            "batchmean",
            options=("batchmean", "mean", "sum"),
            help="How the elements are combined; batchmean is the divergence per sample.",
        ),
        inputs=(
            Port("mean", help="The mean of each number."),
            Port("log_var", help="The logarithm of its variance, of any size."),
        ),
    ).known_as("vae", "variational", "autoencoder", "latent", "kl divergence", "elbo"),
    _loss(
        "PerceptualLoss",
        "perceptual_loss",
        "Distance of two pictures in the features that a frozen network computes of them; one node for each layer.",
        "mean over places of the sum over C of (x / |x| - y / |y|)^2, |x| the length along C",
        Shapes((of("B", "C", "*"), of("B", "C", "*")), NUMBER),
        "Johnson et al. 2016; Zhang et al. 2018 for normalize",
        Flag("normalize", True, help="Compare directions along axis 1; off: the features as they are."),
        inputs=(
            Port("input", help="The features of the picture that is made."),
            Port("target", help="The features of the picture that it should look like."),
        ),
    ).known_as("lpips", "feature matching", "style transfer", "super-resolution", "content loss", "frozen network"),
)
