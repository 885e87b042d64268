"""The open document, the selection, the analysis results and the notices; no panel is imported here."""
