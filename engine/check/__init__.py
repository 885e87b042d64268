"""The rules that find problems in a project: what is wrong, where, and the remedy."""
