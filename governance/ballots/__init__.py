"""Votes: casting, counting, and what a count is held to. Pure."""
