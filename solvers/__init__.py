"""HOW it is checked: one module (or folder of modules) per topic, one plain function per question."""
