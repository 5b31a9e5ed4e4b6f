"""Container images, read without an engine: what is in them, which layer put it there, and whether Go is found."""
