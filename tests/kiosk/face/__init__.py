"""Tests of kiosk.face."""
