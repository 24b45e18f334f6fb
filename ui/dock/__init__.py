"""The dev dock: a technician's window beside the terminal's, whose buttons move the virtual hall. Never at a site."""
