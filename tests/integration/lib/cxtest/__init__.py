"""What the integration tests share: real servers, service processes, dumps of topics, waiting by condition.

    from cxtest import servers, topics
    from cxtest.waiting import wait_until

    class MyTest(unittest.TestCase):
        def setUp(self):
            self.servers = servers.shared()      # Kafka, PostgreSQL and Redis up, and empty

The servers come from ops/lib/servers.sh, the services from ops/lib/services.sh: the same functions and templates as
./ops/up. Needs python3-confluent-kafka, python3-psycopg2 and python3-redis of Debian (so: #!/usr/bin/python3).
"""
