"""Windows that open for a moment: questions, sheets, choices."""
