"""Problems in a project, as values: what is wrong, where, and what to do."""
