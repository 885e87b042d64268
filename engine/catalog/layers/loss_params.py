"""Parameters that several families of losses share."""

from engine.catalog.params import Choice, Float

LEFT_OUT = {"size_average": "deprecated: reduction replaces it", "reduce": "deprecated: reduction replaces it"}
REDUCTION = Choice("reduction", "mean", options=("mean", "sum"), help="How the losses of all elements are combined.")
SCALE = Float("scale", 1.0, is_argument=False, help="Weight of this loss in the total that training minimizes.")
