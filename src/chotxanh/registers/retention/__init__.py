"""How long what is kept: a register of dated settings, by category."""
