"""The routes, one file per noun. Each parses, reads one commons and presents."""
