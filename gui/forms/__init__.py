"""The controls that forms are made of, and forms made from declarations."""
