"""The runs on this machine, which of them belong to the open project, and their labels and differences."""
