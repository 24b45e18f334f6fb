"""A real browser as citizens and staff have one: Debian's Chromium, without a window, driven over W3C WebDriver."""

import base64
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import requests

_STARTED = re.compile(r"started successfully on port (\d+)")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element reference (WebDriver 12.1)."""

_LOADING_S = 20.0

PHONE: dict[str, object] = {"width": 390, "height": 844, "pixelRatio": 2.0, "mobile": True, "touch": True}
OFFICE: dict[str, object] = {"width": 1280, "height": 900, "pixelRatio": 1.0, "mobile": False, "touch": False}


class Browser:
    """One window."""

    def __init__(self, session: str) -> None:
        self._session = session

    def open(self, address: str) -> None:
        """Returns once the page is loaded."""
        self._do("POST", "/url", {"url": address})

    def run(self, script: str, *arguments: object) -> Any:
        return self._do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector: str) -> str:
        """As shown; AssertionError when there is no such element."""
        found = self._do("GET", f"/element/{self._find(selector)}/text")
        assert isinstance(found, str)
        return found

    def follow(self, selector: str) -> None:
        """Touches a link or a button and returns once the page it leads to is loaded."""
        self.run("window.left = true")
        self._do("POST", f"/element/{self._find(selector)}/click", {})
        deadline = time.monotonic() + _LOADING_S
        while not self.run("return window.left === undefined && document.readyState === 'complete'"):
            assert time.monotonic() < deadline, f"{selector} leads nowhere"

    def type(self, selector: str, text: str) -> None:
        self._do("POST", f"/element/{self._find(selector)}/value", {"text": text})

    def accept_language(self, tags: str) -> None:
        """From the next page on."""
        agent = self.run("return navigator.userAgent")
        wish = {"userAgent": agent, "acceptLanguage": tags}
        self._do("POST", "/goog/cdp/execute", {"cmd": "Network.setUserAgentOverride", "params": wish})

    def picture(self) -> bytes:
        """The whole page as PNG."""
        shot = {"cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": True}}
        return base64.b64decode(self._do("POST", "/goog/cdp/execute", shot)["data"])

    def _find(self, selector: str) -> str:
        found = self._do("POST", "/elements", {"using": "css selector", "value": selector})
        assert found, f"nothing at {selector}"
        return str(found[0][_ELEMENT])

    def _do(self, method: str, path: str, body: object = None) -> Any:
        answer = requests.request(method, self._session + path, json=body, timeout=30)
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value


def phone(folder: Path) -> AbstractContextManager[Browser]:
    """``folder`` takes the browser's profile. Driver and browser are gone afterwards, even where they hang."""
    return _browser(folder, PHONE)


def office_computer(folder: Path) -> AbstractContextManager[Browser]:
    """As ``phone``, at a desk."""
    return _browser(folder, OFFICE)


@contextmanager
def _browser(folder: Path, metrics: dict[str, object]) -> Iterator[Browser]:
    command = ["chromedriver", "--port=0"]
    home = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=home, process_group=0
    ) as driver:
        try:
            assert driver.stdout is not None
            started = next(filter(None, map(_STARTED.search, driver.stdout)))
            address = f"http://127.0.0.1:{started.group(1)}/session"
            wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": _options(folder, metrics)}}}
            answer = requests.post(address, json=wanted, timeout=60).json()["value"]
            session = f"{address}/{answer['sessionId']}"
            try:
                yield Browser(session)
            finally:
                requests.delete(session, timeout=30)
        finally:
            os.killpg(driver.pid, signal.SIGKILL)


def _options(folder: Path, metrics: dict[str, object]) -> dict[str, object]:
    """Without Chromium's own sandbox: the tests may run as root, where it refuses to start."""
    switches = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"]
    return {
        "args": [*switches, f"--user-data-dir={folder}/profile"],
        "mobileEmulation": {"deviceMetrics": metrics},
    }
