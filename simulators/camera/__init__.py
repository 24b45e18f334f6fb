"""A camera that sees a virtual citizen."""
