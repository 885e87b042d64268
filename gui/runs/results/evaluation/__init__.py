"""The page of one run's results: its best weights measured on a part of the data, or on new data."""
