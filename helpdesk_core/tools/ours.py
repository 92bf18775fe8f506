"""What our own code says in the context of a call. Standard library only."""

# Compared with ``is``: a client may send any key of a context and any JSON, but never this.
OURS = object()
