"""Room for the local index (SQLModel), a view that is rebuilt from the log."""
