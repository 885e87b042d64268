"""What the window and the analysis worker say to each other, one JSON object a line."""
