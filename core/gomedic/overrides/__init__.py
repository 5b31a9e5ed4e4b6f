"""The what-if table: which ways of overriding the machine's Go would work here, each tried in a copy-on-write view."""
