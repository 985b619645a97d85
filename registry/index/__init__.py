"""The index: what lists, search and feeds are answered from. A view of the logs that can be deleted."""
