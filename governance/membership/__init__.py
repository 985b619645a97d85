"""Who belongs to a commons, who may vote, and the keys that they sign with. Pure."""
