"""Graph to source and back: model.py, train.py, and the parser of that dialect."""
