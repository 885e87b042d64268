"""Analysis results for the small graph of the canvas."""

from gui.state.analysis_results import NodeResults

NODES = {
    "image": NodeResults({"output": ("N", 1, 8, 8)}, {"output": "float"}),
    "conv": NodeResults({"output": ("N", 8, 6, 6)}, {"output": "float"}, 80, 2592),
    "label": NodeResults({"output": ("N",)}, {"output": "int"}),
}


class Results:
    """Results as the analysis would give them."""

    def __init__(self, nodes, problems=()):
        self.nodes, self.problems, self.reported = nodes, problems, ()


def show_results(canvas, results):
    canvas.scene._results = results
    canvas.scene.follow_results()
