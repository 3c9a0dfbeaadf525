"""Recurrent networks, built and run in PyTorch."""
