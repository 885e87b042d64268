"""Charts of runs: pyqtgraph draws curves and axes, and what lies over them is painted here."""
