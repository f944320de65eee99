"""What the integration tests share: real servers, service processes, dumps of topics, waiting by condition.

    from cxtest import servers, topics
    from cxtest.waiting import wait_until

    class MyTest(unittest.TestCase):
        def setUp(self):
            self.servers = servers.shared()      # Kafka, PostgreSQL and Redis up, and empty

The servers come from ops/lib/servers.sh, the services from ops/lib/services.sh: the same functions and templates as
./ops/up. Needs python3-confluent-kafka, python3-psycopg2 and python3-redis of Debian (so: #!/usr/bin/python3).
"""

import atexit
import os
import sys

sys_exit, asked = sys.exit, []


def remember(code=None):
    """sys.exit, which keeps what it was asked for."""
    asked[:] = [code]
    sys_exit(code)


@atexit.register  # the first here, so the last there
def leave():
    """Ends the process with its exit code before Python takes librdkafka's handles apart: a test that had passed, and whose
    services had gone, once never came back from that."""
    code = asked[0] if asked else 1 if hasattr(sys, "last_type") else 0
    if isinstance(code, str):
        print(code, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


sys.exit = remember
