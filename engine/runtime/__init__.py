"""The torch half: data, shapes, training, export; the only importer of torch."""
