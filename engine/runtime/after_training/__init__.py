"""The uses of a run: metrics, answers about new data, and exports."""
