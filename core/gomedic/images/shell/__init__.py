"""Read start-up files without running them: what they do to the environment, as far as that can be told."""
