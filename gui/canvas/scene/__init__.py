"""The shown graph as items, kept in step with the document, the selection and the analysis."""
