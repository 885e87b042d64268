"""Whether the sizes of the inputs fit the values of an operation, in our own words instead of torch's."""
