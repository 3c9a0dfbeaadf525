"""HOW it is checked: the modules of generators, one plain function per question."""
