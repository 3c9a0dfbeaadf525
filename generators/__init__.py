"""WHAT is asked: one module per topic, one class per question."""
