"""A running service's figures: what /metrics says, and its memory."""

import re
import socket
import time

from cxtest import services
from cxtest.waiting import wait_until

LINE = re.compile(r"^chengxin_([a-z_]+)\{[^}]*\} (\S+)$", re.MULTILINE)
PAUSE = 0.01  # seconds between two looks: what the end of a run is uncertain by


class Gauge:
    def __init__(self, service):
        self.service = service
        self.port = int(services.shell(service.servers, 'cx_service_port "$1" "$2"', service.name, service.slot))

    def read(self):
        """Name without "chengxin_" -> value; histograms' buckets are left out."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as s:
            s.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            blocks = iter(lambda: s.recv(65536), b"")
            text = b"".join(blocks).decode()
        return {name: float(value) for name, value in LINE.findall(text) if not name.endswith("_bucket")}

    def wait(self, key, value, deadline=120):
        """Until the figure is at least that; the moment (monotonic) and all figures then."""
        def there():
            found = self.read()
            return found if found.get(key, 0) >= value else None
        found = wait_until(there, deadline, f"{self.service.id}: {key} >= {value}", pause=PAUSE)
        return time.monotonic(), found

    def memory(self):
        """MiB: resident now, and the most it ever was."""
        with open(f"/proc/{self.service.pid()}/status") as status:
            text = status.read()
        return tuple(int(re.search(rf"{key}:\s+(\d+) kB", text)[1]) / 1024 for key in ("VmRSS", "VmHWM"))
