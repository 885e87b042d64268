"""What can be done with runs: start, stop, resume, rename, remove, open the graph of one."""
