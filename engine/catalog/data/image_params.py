"""The parameters of every kind of data that reads image files."""

from engine.catalog.params import Choice, Floats, Int

HEIGHT = Int("height", 64, min=1, max=4096, unit="px", help="Every image is resized to this height.")
WIDTH = Int("width", 64, min=1, max=4096, unit="px", help="Every image is resized to this width.")
COLOURS = Choice("colours", "rgb", options=("rgb", "grey"), help="Three channels, or one.")
FIT = Choice(
    "fit",
    "crop",
    options=("crop", "pad", "stretch"),
    help="An image of other proportions: keep its middle, add black borders, or distort it.",
)
BACKGROUND = Choice(
    "background",
    "auto",
    options=("auto", "white", "black", "grey"),
    help="Background of transparent images; auto: white, black if some are bright, grey if others are dark.",
)
LEVELS = Floats(
    "levels",
    None,
    n=2,
    none="as found",
    help="The values that become 0 and 1 in images of more than 8 bits per channel, such as 0 and 65535.",
)
