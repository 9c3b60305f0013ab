"""A headless Chromium, driven through its pipe (Chrome DevTools Protocol): the
standard library alone."""
import json
import os
import shutil
import subprocess
import tempfile
import time

NAMES = (os.environ.get("CROSSLANE_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")


def find():
    """The program, or None."""
    return next((path for name in NAMES if name and (path := shutil.which(name))), None)


class Fault(Exception):
    """The browser did not do what was asked, or the page threw."""


class Browser:
    """One browser with one page. Use as a context."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="crosslane-browser.")
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()

        def place():
            # Where Chromium looks for the two ends, whatever numbers they have here.
            os.dup2(os.dup(to_read), 63)
            os.dup2(os.dup(to_write), 64)
            os.dup2(63, 3)
            os.dup2(64, 4)

        # Its sandbox needs rights that a container or root has not.
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder.name}/profile", "about:blank"],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.folder.name})
        os.close(to_read)
        os.close(to_write)
        self.pending, self.number, self.session = b"", 0, None
        self.events = []

    def __enter__(self):
        try:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.call("Target.attachToTarget", targetId=target,
                                     flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        os.close(self.write_end)
        os.close(self.read_end)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        for _ in range(20):  # its children may still write there
            try:
                self.folder.cleanup()
                return
            except OSError:
                time.sleep(0.1)

    def message(self):
        """The next message; they end with a NUL."""
        while b"\0" not in self.pending:
            part = os.read(self.read_end, 1 << 16)
            if not part:
                raise Fault("the browser ended")
            self.pending += part
        first, self.pending = self.pending.split(b"\0", 1)
        return json.loads(first)

    def call(self, method, **parameters):
        """A method's result. Events that come before it are kept."""
        self.number += 1
        asked = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            asked["sessionId"] = self.session
        try:
            os.write(self.write_end, json.dumps(asked).encode() + b"\0")
        except BrokenPipeError:
            raise Fault("the browser ended") from None
        while True:
            came = self.message()
            if came.get("id") == self.number:
                break
            if "method" in came:
                self.events.append(came)
        if "error" in came:
            raise Fault(f"{method}: {came['error']['message']}")
        return came["result"]

    def ask(self, expression):
        """The value of an expression of JavaScript."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            detail = result["exceptionDetails"]
            raise Fault(detail.get("exception", {}).get("description", detail["text"]))
        return result["result"].get("value")

    def open(self, path, width=1280, height=800, media="", scheme="light"):
        """Shows a file in a window of that size, until it has loaded."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.call("Page.navigate", url=f"file://{path}")
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            came = self.message()
            if "method" in came:
                self.events.append(came)

    def happened(self, method):
        """The parameters of the events of a name since the page was opened."""
        self.ask("1")  # what came before is read
        return [event["params"] for event in self.events if event["method"] == method]

    def mouse(self, kind, x, y, buttons=0):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, buttons=buttons,
                  button="none" if kind == "mouseMoved" and not buttons else "left", clickCount=1)

    def move(self, x, y):
        self.mouse("mouseMoved", x, y)

    def click(self, x, y):
        self.move(x, y)
        self.mouse("mousePressed", x, y, 1)
        self.mouse("mouseReleased", x, y)

    def drag(self, x, y, to_x, to_y):
        self.move(x, y)
        self.mouse("mousePressed", x, y, 1)
        for part in (0.3, 0.7, 1):
            self.mouse("mouseMoved", x + part * (to_x - x), y + part * (to_y - y), 1)
        self.mouse("mouseReleased", to_x, to_y)

    def key(self, name):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38,
                 "ArrowRight": 39, "ArrowDown": 40}
        text = {"text": "\r"} if name == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode=codes[name], **(text if kind == "keyDown" else {}))
