"""From a blueprint to the exam folder."""
