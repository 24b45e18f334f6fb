"""Small programs that stand where espeak-ng would, and write down what they were told."""

import sys
from pathlib import Path


def speech_program(folder: Path, *, endless: bool = False) -> Path:
    """Appends arguments and words to ``said.txt``, then ends, or goes on speaking for ever."""
    program = folder / "speech"
    wait = "import signal; signal.pause()" if endless else ""
    program.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\n"
        f"words = sys.stdin.buffer.read().decode()\n"
        f"with pathlib.Path({str(folder / 'said.txt')!r}).open('a', encoding='utf-8') as said:\n"
        f"    said.write(' '.join(sys.argv[1:]) + '|' + words + chr(10))\n"
        f"{wait}\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program
