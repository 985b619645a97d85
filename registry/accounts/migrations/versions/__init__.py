"""The revisions, oldest first. Each stands for itself: none imports the tables, which move on."""
