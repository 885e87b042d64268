"""The stand-alone programs of an export: train.py and predict.py."""
