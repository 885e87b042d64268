"""Commands for runs: start, stop, resume, rename, delete, open the graph of one."""
