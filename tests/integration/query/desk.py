"""A department's system as anybody would write it: Python's http.client over the query service's Unix socket."""

import http.client
import json
import socket


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=60):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Desk:
    """One connection, one request after the other."""

    def __init__(self, path, token=None):
        self.connection, self.token = UnixConnection(path), token

    def send(self, method, path, body=None, token=None):
        """(status, the answer as JSON, the headers). What was silent for too long is closed by the service: then over a new one."""
        try:
            return self.send_once(method, path, body, token)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()
            return self.send_once(method, path, body, token)

    def send_once(self, method, path, body, token):
        token = token or self.token
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text), dict(answer.getheaders())

    def ask(self, path, token=None, **body):
        status, answer, _ = self.send("POST", path, json.dumps(body).encode(), token)
        return status, answer

    def close(self):
        self.connection.close()
