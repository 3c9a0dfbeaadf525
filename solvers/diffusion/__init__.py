"""Solvers of the questions on diffusion models."""
