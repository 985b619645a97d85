"""The life of a proposal: what it is, what moves it on, what it needs, and what became of it. Pure."""
