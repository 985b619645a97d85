"""The shell: everything that acts. Git, the command line, the web."""
