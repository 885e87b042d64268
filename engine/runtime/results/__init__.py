"""What a run is good for: figures, answers about new data, and exports."""
