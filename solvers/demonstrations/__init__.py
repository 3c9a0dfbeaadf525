"""Programs that decide statements of the conceptual bank, a function for each."""
