"""The ways a session starts, and what environment each really gives: who set what, at file:line."""
