"""gomedic's own way onto a machine, and off it without a trace."""
