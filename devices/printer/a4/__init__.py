"""An A4 printer behind CUPS: papers as PDF, status and the fate of a job over IPP."""
