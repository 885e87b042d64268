"""Steps divided by the size of earlier gradients."""

from engine.catalog.optimizers.shared_params import DECAY, EPS, MAXIMIZE, learning_rate, left_out, weight_decay
from engine.catalog.params import Flag, Float, Floats
from engine.catalog.training_spec import Optimizer

RMSPROP = Optimizer(
    kind="RMSprop",
    target="torch.optim.RMSprop",
    summary="Divide the gradient by the root of the running mean of its square.",
    source="Tieleman and Hinton 2012; Graves 2013 for centered",
    params=(
        learning_rate(1e-2),
        Float("alpha", 0.99, min=0.0, max=1.0, help="Decay of the running mean of the squared gradient."),
        EPS,
        weight_decay(),
        Float("momentum", 0.0, min=0.0, help="Factor of the momentum of the step before."),
        Flag(
            "centered", False, help="Divide by the standard deviation of the gradient instead of its root mean square."
        ),
        MAXIMIZE,
    ),
    keeps=1,
    keeps_with=("momentum", "centered"),
    fixes_momentum=True,
    left_out=left_out("capturable", "foreach", "differentiable"),
)
ADAGRAD = Optimizer(
    kind="Adagrad",
    target="torch.optim.Adagrad",
    summary="Divide the gradient by the root of the sum of all its squares so far.",
    source="Duchi et al. 2011",
    params=(
        learning_rate(1e-2),
        Float(
            "lr_decay",
            0.0,
            min=0.0,
            help="Decay of the learning rate: it is divided by 1 + lr_decay times the number of steps.",
        ),
        weight_decay(),
        Float("initial_accumulator_value", 0.0, min=0.0, help="Initial value of the sum of squares."),
        Float("eps", 1e-10, min=0.0, help=EPS.help),
        MAXIMIZE,
    ),
    keeps=1,
    sparse="yes",
    dense_with=("weight_decay",),
    fused=("cpu",),  # the oldest torch that is allowed has none for CUDA
    left_out=left_out("foreach", "differentiable", "fused"),
)
ADADELTA = Optimizer(
    kind="Adadelta",
    target="torch.optim.Adadelta",
    summary="Scale the gradient by the root mean square of past updates, divided by that of past gradients.",
    source="Zeiler 2012",
    params=(
        learning_rate(1.0),
        Float("rho", 0.9, min=0.0, max=1.0, help="Decay of both running means of squares."),
        Float("eps", 1e-6, min=0.0, help="Added to both running means; it sets the size of the first updates."),
        weight_decay(),
        MAXIMIZE,
    ),
    keeps=2,
    left_out=left_out("foreach", "capturable", "differentiable"),
)
ADAFACTOR = Optimizer(
    kind="Adafactor",
    target="torch.optim.Adafactor",
    summary="Adam without momentum that stores a row and a column for a matrix of squared gradients, to save memory.",
    source="Shazeer and Stern 2018",
    params=(
        learning_rate(1e-2),
        Float(
            "beta2_decay",
            -0.8,
            max=0.0,
            help="Exponent of the step number in the decay of the running mean of squares.",
        ),
        Floats(
            "eps",
            (None, 1e-3),
            n=2,
            min=0.0,
            allows_none_entries=True,
            help="Added to the squared gradient (None: the machine epsilon), and the least size of the weights that "
            "scales the learning rate.",
        ),
        Float("d", 1.0, min=1.0, help="Largest root mean square of an update; larger updates are scaled down."),
        weight_decay(0.0, DECAY),
        MAXIMIZE,
    ),
    left_out=left_out("foreach"),
)
