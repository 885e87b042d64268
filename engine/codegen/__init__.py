"""Graph to source and back: the files of a program, and the parser of that dialect."""
