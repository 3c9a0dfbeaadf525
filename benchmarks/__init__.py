"""Speed and size, printed as figures: `make bench`."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the commands have it, before PyTorch is imported
