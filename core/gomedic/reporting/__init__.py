"""The whole examination to hand on: as text, as a page of its own, as JSON; with names hidden where that is asked for."""
