"""A schema registry as departments have one: the two calls of its HTTP interface that clients need."""

import collections
import http.server
import json
import threading


class Registry:
    """start() serves on a port that stays the same; stop() refuses connections. Counts what it was asked."""

    def __init__(self):
        self.schemas, self.asked = {}, collections.Counter()  # id -> text; path -> times
        self.broken = False  # answers with status 500
        self.server = None
        self.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def start(self):
        registry, port = self, self.server.server_port if self.server else 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                registry.asked[self.path] += 1
                number = self.path.removeprefix("/schemas/ids/")
                self.reply(registry.schemas.get(int(number)) if number.isdigit() else None)

            def do_POST(self):
                registry.asked[self.path] += 1
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path.startswith("/subjects/chengxin.") and self.path.endswith("/versions"):
                    self.reply(json.dumps({"id": registry.add(request["schema"])}))
                else:
                    self.reply(None)

            def reply(self, text):
                status = 500 if registry.broken else 404 if text is None else 200
                body = (text if status == 200 else json.dumps({"error_code": status * 100 + 3, "message": "no"})).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def add(self, schema, **more):
        """The id of a schema's text; the same text again: the same."""
        text = json.dumps({"schema": schema, **more})
        for number, there in self.schemas.items():
            if json.loads(there)["schema"] == schema and not more:
                return number
        number = 100001 + len(self.schemas)
        self.schemas[number] = text
        return number
