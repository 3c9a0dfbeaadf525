"""Recurrent networks: what they compute, how they learn, how large they are."""
