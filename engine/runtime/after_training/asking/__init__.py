"""A trained network that is asked again and again, by the window or by programs: it stays loaded between questions."""
