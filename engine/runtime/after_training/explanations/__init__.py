"""Why a network answers as it does: one function for each way to explain, which knows only torch."""
