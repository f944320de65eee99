"""Three brokers on this machine, replication 3 and min.insync.replicas 2; PostgreSQL and Redis as everywhere."""

import base64
import subprocess
import uuid

from confluent_kafka import KafkaException

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

NODES = (1, 2, 3)
HEAP = "384m"
SETTINGS = {"default.replication.factor": 3, "min.insync.replicas": 2, "offsets.topic.replication.factor": 3,
            "transaction.state.log.replication.factor": 3, "transaction.state.log.min.isr": 2}
JAVA = 'cd "$1"; source ops/lib/servers.sh; shift; cx_servers_load; cx_kafka_java "$@"'


class Cluster(servers.Servers):
    """The brokers are processes of ours, and end with us. stop() must be called at the end."""

    def __init__(self, name):
        super().__init__(servers.ROOT / "var" / "test" / name)
        self.brokers = {}
        if self.folder.exists():
            self.wipe()
        self.start("postgres", "redis")
        services.shell(self, "cx_kafka_fetch && cx_kafka_configure")
        self.ports = dict(zip(NODES, range(int(self.env["CX_KAFKA_PORT"]) + 4, 10 ** 6, 2)))  # what our block has left
        self.bootstrap = ",".join(f"127.0.0.1:{port}" for port in self.ports.values())
        cluster = base64.b64encode(uuid.uuid4().bytes, b"AZ").decode()[:22]
        for node in NODES:
            self.configure(node)
            self.java(node, "128m", "kafka.tools.StorageTool", "format", "--cluster-id", cluster,
                      "--config", self.config(node)).wait()
        for node in NODES:
            self.run_broker(node)
        wait_until(lambda: len(self.metadata().brokers) == len(NODES), 90, "three brokers")

    def config(self, node):
        return self.folder / "etc" / f"kafka-{node}.properties"

    def configure(self, node):
        """Of two lines with the same key the later one counts."""
        voters = ",".join(f"{n}@127.0.0.1:{port + 1}" for n, port in self.ports.items())
        plain = f"PLAINTEXT://127.0.0.1:{self.ports[node]}"
        own = {"node.id": node, "controller.quorum.voters": voters, "advertised.listeners": plain,
               "listeners": f"{plain},CONTROLLER://127.0.0.1:{self.ports[node] + 1}",
               "log.dirs": self.folder / "data" / f"kafka-{node}"}
        lines = "".join(f"{key}={value}\n" for key, value in {**SETTINGS, **own}.items())
        text = (self.folder / "etc" / "kafka.properties").read_text()
        self.config(node).write_text(f"{text}\n{lines}")

    def java(self, node, heap, *arguments):
        with open(self.folder / "log" / f"kafka-{node}.out", "ab") as log:
            return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "bash", "-c", JAVA, "kafka", str(servers.ROOT), heap,
                                     *map(str, arguments)], env=self.environment(), stdin=subprocess.DEVNULL, stdout=log,
                                    stderr=log)

    def run_broker(self, node):
        self.brokers[node] = self.java(node, HEAP, "kafka.Kafka", self.config(node))

    def metadata(self, topic=None):
        """Waits for it: brokers start, or one has just gone."""
        found = []

        def told():
            try:
                found.append(topics.admin(self.bootstrap).list_topics(topic, timeout=10))
            except KafkaException:
                pass
            return found

        wait_until(told, 60, "a broker that answers")
        return found[0]

    def leader(self, topic, partition):
        return self.metadata(topic).topics[topic].partitions[partition].leader

    def in_sync(self, topic):
        """The least number of replicas in sync of its partitions."""
        return min(len(p.isrs) for p in self.metadata(topic).topics[topic].partitions.values())

    def kill_broker(self, node):
        self.brokers[node].kill()
        assert self.brokers[node].wait(10) == -9

    def stop(self, *names):
        for broker in self.brokers.values():
            if broker.poll() is None:
                broker.kill()
                broker.wait()
        super().stop(*names)
