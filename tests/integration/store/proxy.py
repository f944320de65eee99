"""A proxy before PostgreSQL's socket that cuts or stalls a connection at a chosen message of the protocol."""

import os
import select
import socket
import struct
import tempfile
import threading


class Proxy:
    """Listens in `folder` under the server's own port. One thread a connection."""

    def __init__(self, server_folder, port):
        self.port = port
        self.server = os.path.join(server_folder, f".s.PGSQL.{port}")
        self.directory = tempfile.TemporaryDirectory(prefix="cxp")
        self.folder = self.directory.name
        os.chmod(self.folder, 0o755)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(self.folder, f".s.PGSQL.{port}"))
        self.listener.listen()
        self.rule = None          # what happens to the next message that it fits
        self.happened = threading.Event()
        self.released = threading.Event()
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def cut_at_commit(self, after):
        """The next COMMIT: the connection ends before the server gets it, or after it but before the answer."""
        self.happened.clear()
        self.rule = "cut-after" if after else "cut-before"

    def stall_in_copy(self):
        """The next COPY stands still after its first data."""
        self.happened.clear()
        self.released.clear()
        self.rule = "stall"

    def was_cut(self):
        return self.happened.is_set()

    def is_stalled(self):
        return self.happened.is_set()

    def release(self):
        self.released.set()

    def close(self):
        self.closing = True
        self.released.set()
        self.listener.close()
        self.directory.cleanup()

    def accept(self):
        while not self.closing:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.server)
            self.relay(client, server)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def relay(self, client, server):
        held, started = b"", False
        while True:
            for side in select.select([client, server], [], [])[0]:
                data = side.recv(65536)
                if not data:
                    return
                if side is server:
                    client.sendall(data)
                    continue
                held += data
                while True:  # the start-up message has no type
                    head = 1 if started else 0
                    if len(held) < head + 4:
                        break
                    size = head + struct.unpack("!I", held[head:head + 4])[0]
                    if len(held) < size:
                        break
                    message, held = held[:size], held[size:]
                    started = True
                    if not self.forward(message, server):
                        return

    def forward(self, message, server):
        """Passes one message on; False: the connection ends here."""
        commit = message[:1] == b"Q" and message[5:] == b"COMMIT\0"
        if self.rule == "cut-before" and commit:
            self.rule = None
            self.happened.set()
            return False
        if self.rule == "stall" and message[:1] == b"d" and len(message) > 1000:
            self.rule = None
            server.sendall(message)
            self.happened.set()
            self.released.wait()
            return False
        server.sendall(message)
        if self.rule == "cut-after" and commit:
            self.rule = None
            server.recv(65536)  # the answer: the server has committed, and nobody hears of it
            self.happened.set()
            return False
        return True
