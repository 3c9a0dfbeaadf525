"""HOW it is worded and framed: question templates, page frames and fonts."""
