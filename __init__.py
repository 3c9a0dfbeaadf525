"""Deep-learning exams whose every key was executed, and their grading."""
