"""Network cameras that serve Motion JPEG over HTTP."""
