"""The dialogs that any part of the window may open (question, file, log), and the base of all dialogs."""
