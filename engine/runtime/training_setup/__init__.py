"""A project made ready for training and export: checked, its data loaded, its source and its program written."""
