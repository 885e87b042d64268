"""The losses of two networks that learn against each other, and of a value to minimize."""

from collections.abc import Mapping

from engine.catalog.emit import Function
from engine.catalog.layers.losses.declaration import SCALE
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Float, Param
from engine.catalog.shapes import Shape, Shapes, of
from engine.catalog.spec import Layer, Port

NUMBER = (of(),)
SCORES = of("B", "*", what="scores")
OBJECTIVE = Choice(
    "objective",
    "non-saturating",
    options=("non-saturating", "least squares", "hinge", "wasserstein"),
    help="What scores should be: logits of being real (non-saturating); 1 and 0 (least squares); above 1 and below -1 "
    "(hinge); far apart (wasserstein, whose slope grad or clipped weights keep small).",
)
LABEL_SMOOTHING = Float(
    "label_smoothing",
    0.0,
    min=0.0,
    max=1.0,
    help="By how much the target of real samples is below 1.",
    idle=(Idle("objective", "its scores have no target", ("hinge", "wasserstein")),),
)
FAKE = Port("fake", help="The discriminator's scores of generated samples.")
SOURCE = "Goodfellow et al. 2014; Mao et al. 2017; Lim and Ye 2017; Arjovsky et al. 2017"


def _side(
    side: str, summary: str, formula: str, shapes: tuple[Shape, ...], inputs: tuple[Port, ...], *params: Param
) -> Layer:
    names = tuple(param.name for param in params)
    forms: Mapping[str, tuple[str, tuple[str, ...]]] = {
        "least squares": (f"least_squares_{side}_loss", names),
        "hinge": (f"hinge_{side}_loss", ()),
        "wasserstein": (f"wasserstein_{side}_loss", ()),
    }
    return Layer(
        kind=f"{side.capitalize()}Loss",
        family="loss",
        role="loss",
        emit=Function(f"non_saturating_{side}_loss", snippet="losses.adversarial", by="objective", forms=forms),
        summary=summary,
        formula=formula,
        shape=Shapes(shapes, NUMBER),
        source=SOURCE,
        params=(OBJECTIVE, *params, SCALE),
        inputs=inputs,
        outputs=(),
    )


LAYERS = (
    _side(
        "discriminator",
        "Score real samples high and generated ones low: the discriminator's side of a GAN.",
        "softplus(-r) + softplus(f); ((r - 1)^2 + f^2) / 2; max(0, 1 - r) + max(0, 1 + f); f - r",
        (SCORES, SCORES),
        (Port("real", help="The discriminator's scores of real samples."), FAKE),
        LABEL_SMOOTHING,
    ).known_as("gan", "adversarial", "critic", "wgan", "lsgan", stem="disc_loss"),
    _side(
        "generator",
        "Let generated samples be scored high: the generator's side of a GAN.",
        "softplus(-fake); (fake - 1)^2 / 2; -fake; -fake",
        (SCORES,),
        (FAKE,),
    ).known_as("gan", "adversarial", "wgan", "lsgan", stem="gen_loss"),
    Layer(
        kind="MeanLoss",
        family="loss",
        role="loss",
        emit=Function("torch.mean"),
        summary="The mean of a value to minimize, or to maximize with a negative scale, such as a critic's score.",
        formula="mean of input",
        shape=Shapes((of("B", "*"),), (of(),)),
        source="Arjovsky et al. 2017",
        params=(SCALE,),
        inputs=(Port("input", help="The value to minimize."),),
        outputs=(),
        left_out={
            "dim": "the mean is over all elements",
            "keepdim": "a loss is one number",
            "dtype": "a loss has the type of its input",
        },
    ).known_as("wasserstein", "critic", "objective", "minimize", "maximize", "custom loss"),
)
