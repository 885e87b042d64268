"""The open file: opening and saving, journal and recovery, ownership, changes by other programs."""
