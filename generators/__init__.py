"""WHAT is asked: one module (or folder of modules) per topic, one class per question."""
