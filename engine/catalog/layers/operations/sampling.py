"""Images that are resized or read at any points, and boxes in them."""

from engine.catalog.emit import Function
from engine.catalog.params import Choice, Flag, Float, Floats, Int, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

MODES = ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact")
MODE = Choice(
    "mode",
    "nearest",
    options=MODES,
    help="Interpolation: linear for signals, bilinear or bicubic for images, trilinear for volumes.",
)
CORNERS = "Whether -1 and 1 mean the centres of the corner pixels, or else their outer edges."
BOXES = "Boxes of each sample as corners (x1, y1, x2, y2)."
IMAGE = of("B", "C", "H", "W")

LAYERS = (
    Layer(
        kind="interpolate",
        family="sampling",
        emit=Function("F.interpolate"),
        summary="Resize a signal, an image or a volume by interpolation; as Upsample, with antialiasing.",
        shape=Shapes((IMAGE,), (of("B", "C", "scale_factor H", "scale_factor W"),)),
        source="Keys 1981 for bicubic",
        params=(
            Sizes("size", None, min=1, help="Size of the output; give this or scale_factor."),
            Floats("scale_factor", None, n=0, above=0.0, single=True, help="Factor of the size; give this or size."),
            MODE,
            Flag(
                "align_corners",
                None,
                help="Align the centres of the corner elements of input and output; only for the linear and cubic "
                "modes.",
            ),
            Flag("recompute_scale_factor", None, help="Compute the scale again from the rounded output size."),
            Flag("antialias", False, help="Blur first where the image shrinks; only for bilinear and bicubic."),
        ),
        preset={"scale_factor": 2.0},
    ).known_as("resize", "upsample", "downsample", "scale"),
    Layer(
        kind="interpolate_like",
        family="sampling",
        emit=Function("interpolate_like", snippet="operations.sampling"),
        summary="Resize a signal, an image or a volume to the size of another: before a skip connection is joined.",
        shape=Shapes((of("B", "C", "*"), of("B", "C", "*")), (of("B", "C", "*"),), " of the second"),
        source="Long et al. 2015",
        params=(MODE,),
        inputs=(
            Port("input", help="What is resized."),
            Port("like", "any", shape_only=True, help="The value whose size it gets, as wide as that from axis 2 on."),
        ),
    ).known_as("resize", "upsample", "same size", "skip", "match size"),
    Layer(
        kind="grid_sample",
        family="sampling",
        emit=Function("F.grid_sample"),
        summary="Read an image at any points, interpolated between its pixels.",
        shape=Shapes((IMAGE, of("B", "H'", "W'", "2")), (of("B", "C", "H'", "W'"),)),
        source="Jaderberg et al. 2015",
        params=(
            Choice("mode", "bilinear", options=("bilinear", "nearest", "bicubic"), help="Interpolation."),
            Choice(
                "padding_mode",
                "zeros",
                options=("zeros", "border", "reflection"),
                help="What points outside of the image read: 0, the nearest pixel, or the mirrored image.",
            ),
            Flag("align_corners", False, required=True, help=CORNERS),
        ),
        inputs=(
            Port("input", help="The images."),
            Port("grid", help="The points, x then y in the last axis: -1 is left and top, 1 right and bottom."),
        ),
    ).known_as("spatial transformer", "warp", "optical flow", "deform"),
    Layer(
        kind="affine_grid",
        family="sampling",
        emit=Function("affine_grid", snippet="operations.sampling"),
        summary="The points at which grid_sample reads an image that is moved, turned or scaled.",
        shape=Shapes((of("B", "2", "3"), IMAGE), (of("B", "H", "W", "2"),)),
        source="Jaderberg et al. 2015",
        params=(Flag("align_corners", False, help=CORNERS),),
        inputs=(
            Port("theta", help="A matrix for each sample, which maps points of the result to points of the image."),
            Port("input", "any", shape_only=True, help="An image of the size of the result."),
        ),
    ).known_as("spatial transformer", "rotate", "warp"),
    Layer(
        kind="roi_align",
        family="sampling",
        emit=Function("roi_align", snippet="operations.boxes"),
        summary="The part of an image in each box, resized to one size.",
        shape=Shapes((IMAGE, of("B", "K", "4")), (of("B", "K", "C", "output_size", "output_size"),)),
        source="He et al. 2017",
        params=(
            Sizes("output_size", 7, n=2, min=1, required=True, help="Height and width of the result."),
            Float("spatial_scale", 1.0, above=0.0, help="Pixels of the input for each unit of the boxes."),
            Int("sampling_ratio", 2, min=1, max=16, help="Points along each side of a cell, of which it is the mean."),
            Flag("aligned", False, help="Boxes count from the corners of pixels instead of their centres."),
        ),
        inputs=(Port("input", help="The feature maps."), Port("boxes", help=BOXES)),
    ).known_as("detection", "region", "crop", "roi pooling"),
    Layer(
        kind="box_iou",
        family="sampling",
        emit=Function("box_iou", snippet="operations.boxes"),
        summary="How much all pairs of boxes overlap: the area that they share over the area of both.",
        formula="area of both / area of either",
        shape=Shapes((of("B", "K", "4"), of("B", "M", "4")), (of("B", "K", "M"),)),
        source="Jaccard 1901",
        inputs=(Port("boxes1", help=BOXES), Port("boxes2", help=BOXES)),
    ).known_as("detection", "overlap", "jaccard"),
    Layer(
        kind="nms",
        family="sampling",
        emit=Function("nms", snippet="operations.boxes"),
        summary="Non-maximum suppression: true for the boxes that stay, when those go that overlap a better one.",
        shape=Shapes((of("B", "K", "4"), of("B", "K")), (of("B", "K"),)),
        source="Viola and Jones 2001",
        params=(
            Float("iou_threshold", 0.5, min=0.0, max=1.0, help="Boxes that overlap more than this are the same thing."),
        ),
        inputs=(
            Port("boxes", help=BOXES),
            Port("scores", help="How sure each box is."),
        ),
        outputs=(Port("output", "bool"),),
    ).known_as("detection", "non-maximum suppression", "boxes"),
)
