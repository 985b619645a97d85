"""The rules of a commons as pure functions over its event log. Touches nothing outside."""
