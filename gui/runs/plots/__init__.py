"""Charts of runs: pyqtgraph draws curves and grid; axis texts, marks and the crosshair are painted over it."""
