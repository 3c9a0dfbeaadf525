"""Questions on diffusion models."""
