"""Speed and size, printed as figures: `make bench`."""
