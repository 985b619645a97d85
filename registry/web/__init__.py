"""The site and the API. Parses, calls one service, presents."""
