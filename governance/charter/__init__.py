"""The charter: the rules of a commons as data, read, checked, amended and put in words. Pure."""
