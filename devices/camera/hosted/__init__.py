"""Any camera driver in a process of its own: the terminal sees its pictures in shared memory."""
