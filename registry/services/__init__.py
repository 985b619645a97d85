"""One file per verb: reads the state, asks the pure rule, commits through the store."""
