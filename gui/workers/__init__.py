"""The programs that work for the window, each in a process of its own."""
