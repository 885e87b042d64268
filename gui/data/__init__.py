"""Where rows come from: chosen, configured, and looked at."""
