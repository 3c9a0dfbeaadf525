"""Drawings that a person would make beside a question."""
