"""Pages: the document tree as PDF."""
