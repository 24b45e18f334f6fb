"""Tests of devices.face_analyser."""
