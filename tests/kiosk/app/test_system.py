"""A defect anywhere ends the process and prints no value."""

import subprocess
import sys

import pytest

IN_A_THREAD = """
import threading
from kiosk.app.system import end_on_defect
end_on_defect()
def work():
    raise ValueError("the number is 11010519491231002X")
thread = threading.Thread(target=work)
thread.start()
thread.join()
print("still here")
"""
IN_A_SLOT = """
from PySide6.QtCore import QCoreApplication, QTimer
from kiosk.app.system import end_on_defect
end_on_defect()
application = QCoreApplication([])
def slot():
    raise KeyError("the number is 11010519491231002X")
QTimer.singleShot(0, slot)
QTimer.singleShot(5000, application.quit)
application.exec()
print("still here")
"""


@pytest.mark.parametrize("program", [IN_A_THREAD, IN_A_SLOT])
def test_a_defect_ends_the_process_and_names_code_only(program: str) -> None:
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 70
    assert "defect:" in ended.stderr
    assert "11010519491231002X" not in ended.stderr + ended.stdout
    assert "still here" not in ended.stdout
