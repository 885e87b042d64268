"""The user interface for runs: live curves, the list, comparison, results and commands."""
