"""The index: what lists, search and feeds are answered from. A view of the logs; delete it and nothing is lost."""
