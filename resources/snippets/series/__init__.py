"""Series of values over time, as windows."""
