"""Autoencoders, and other tasks that need no labels."""
