"""Programs that decide statements of the conceptual bank, one function per statement."""
