"""HOW it is checked: the same modules as in generators, one plain function per question."""
