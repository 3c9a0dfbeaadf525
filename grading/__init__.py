"""From submissions to scores, feedback and statistics."""
