"""Git: repositories, objects, refs, the event log. The only package that writes a commons."""
