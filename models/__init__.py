"""A user's own network: load it, run it, and ask about its layers."""
