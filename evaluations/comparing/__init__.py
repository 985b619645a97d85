"""Comparing two runs on the same cases, so that a writer does not fool themselves. Pure."""
