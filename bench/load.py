"""The load generator: throughput and latency of a server, measured by wrk or by Python.

A run uses one of the two throughout. The Python client is slower than many servers, so its
requests per second mean less; CPU time per request is measured at the server and is reliable.
"""

import json
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes

TIMEOUT = 30  # seconds for one response
MARK = "MARK"  # in a form: replaced by a value unique to the request


@dataclass(frozen=True)
class Ask:
    """Requests to send in turn, each with the next of ``paths`` and ``cookies``.

    With ``forms`` (urlencoded texts, one for each cookie) they are POST requests.
    """

    paths: tuple
    headers: dict = field(default_factory=dict)
    cookies: tuple = ()
    forms: tuple = ()


@dataclass(frozen=True)
class Answered:
    """The result of a run: ``p50`` and ``p99`` are latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0


def tool() -> str:
    """Return the load generator available on this machine, "wrk" or "python"."""
    return "wrk" if shutil.which("wrk") else "python"


def start(
    port: int,
    ask: Ask,
    connections: int,
    seconds: float,
    which: str = "",
    folder: Path | None = None,
) -> Callable[[], Answered]:
    """Start sending requests to 127.0.0.1:``port`` over several concurrent connections.

    Returns a function that waits for the end and returns the ``Answered``. ``folder`` is for a
    temporary file, which is left there.
    """
    if (which or tool()) == "wrk":
        return _start_wrk(port, ask, connections, seconds, folder)
    return _start_python(port, ask, connections, seconds)


# -- wrk -----------------------------------------------------------------------------------------

# One thread: it is enough for these servers, and makes the counter unique within a run.
SCRIPT = """
local paths, cookies, forms = %(paths)s, %(cookies)s, %(forms)s
local headers, n, run = %(headers)s, 0, "%(run)s"
function request()
  n = n + 1
  local path = paths[(n - 1) %% #paths + 1]
  if #cookies > 0 then headers["Cookie"] = cookies[(n - 1) %% #cookies + 1] end
  if #forms == 0 then return wrk.format("GET", path, headers) end
  local form = forms[(n - 1) %% #forms + 1]:gsub("%(mark)s", run .. "-" .. n)
  return wrk.format("POST", path, headers, form)
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nDONE {"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, '
    .. '"errors": %%d}\\n', summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.timeout + e.status))
end
"""


def _start_wrk(port, ask, connections, seconds, folder):
    with tempfile.NamedTemporaryFile("w", suffix=".lua", dir=folder, delete=False) as script:
        script.write(_lua(ask))
    # wrk takes whole seconds.
    whole = max(1, round(seconds))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{whole}s", f"--timeout={TIMEOUT}s"]
    command += ["-s", script.name, f"http://127.0.0.1:{port}"]
    running = processes.start(command, capture=True)

    def wait():
        output = running.communicate(timeout=seconds + 2 * TIMEOUT)[0]
        line = [line for line in output.splitlines() if line.startswith("DONE ")]
        if not line:
            raise RuntimeError(f"wrk ended without a result: {output[-500:]}")
        return Answered(**json.loads(line[0].removeprefix("DONE ")))

    return wait


def _lua(ask):
    return SCRIPT % {
        "paths": _lua_list(ask.paths),
        "cookies": _lua_list(ask.cookies),
        "forms": _lua_list(ask.forms),
        "headers": _lua_table(_headers(ask)),
        "run": _fresh(),
        "mark": MARK,
    }


def _lua_list(texts):
    return f"{{{', '.join(map(json.dumps, texts))}}}"


def _lua_table(values):
    pairs = (f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in values.items())
    return f"{{{', '.join(pairs)}}}"


def _headers(ask):
    form = {"Content-Type": "application/x-www-form-urlencoded"} if ask.forms else {}
    return {"Accept-Encoding": "gzip", **form, **ask.headers}


def _fresh():
    return f"{time.time_ns():x}"


# -- Python --------------------------------------------------------------------------------------


def _start_python(port, ask, connections, seconds):
    spent, errors, turn, lock = [], [], [0], threading.Lock()
    began = time.perf_counter()
    fresh = _fresh()

    def take_turn():
        with lock:
            turn[0] += 1
            return turn[0]

    def work():
        line = Line(port)
        while time.perf_counter() < began + seconds:
            request, sent = _request(port, ask, take_turn(), fresh), time.perf_counter()
            try:
                good = 200 <= line.send(request) < 400
            except (OSError, ValueError):
                line, good = Line(port), False
            spent.append((time.perf_counter() - sent) * 1000)
            if not good:
                errors.append(1)
        line.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()

    def wait():
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        return Answered(len(spent), took, share(spent, 0.5), share(spent, 0.99), len(errors))

    return wait


def share(values: list[float], part: float) -> float:
    """Return the quantile ``part`` (0 to 1) of the values; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def _request(port, ask, turn, fresh):
    def nth(texts):
        return texts[(turn - 1) % len(texts)]

    lines = {"Host": f"127.0.0.1:{port}", **_headers(ask)}
    if ask.cookies:
        lines["Cookie"] = nth(ask.cookies)
    form = nth(ask.forms).replace(MARK, f"{fresh}-{turn}").encode() if ask.forms else b""
    if ask.forms:
        lines["Content-Length"] = len(form)
    head = f"{'POST' if ask.forms else 'GET'} {nth(ask.paths)} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}\r\n".encode() + form


class Line:
    """A keep-alive HTTP connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.file = self.socket.makefile("rb")

    def send(self, request: bytes) -> int:
        """Send the bytes of a request, read the whole response and return its status."""
        self.socket.sendall(request)
        status = int(self.file.readline().split(b" ", 2)[1])
        length, name = 0, b""
        while (line := self.file.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"transfer-encoding":
                length = -1
        if length < 0:
            self._skip_chunks()
        elif status != 304:
            self.file.read(length)
        return status

    def _skip_chunks(self):
        while size := int(self.file.readline().split(b";")[0], 16):
            self.file.read(size + 2)
        self.file.readline()

    def close(self) -> None:
        self.file.close()
        self.socket.close()
