"""From a verified item to paper, web and terminal."""
