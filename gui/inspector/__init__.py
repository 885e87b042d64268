"""The settings of whatever is selected, made from declarations."""
