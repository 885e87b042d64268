"""The graphs of a project as plain data, the edits that change them, and what follows from them without torch."""
