"""Cameras, one folder a model."""
