"""The open file and what can happen to it: open and save, journal and recovery, ownership, changes on disk."""
