"""Face analysers, one folder per model."""
