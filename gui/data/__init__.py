"""The data page: the data set is chosen, configured and shown."""
