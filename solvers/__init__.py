"""HOW it is checked: one module per topic, one plain function per question."""
