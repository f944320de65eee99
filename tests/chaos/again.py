"""A second run of the log: what the stages behind it wrote is deleted, the stores are emptied, and nothing disturbs them."""

import re
import sys

from cxtest import fleet, servers, services, topics

sys.path.insert(0, str(servers.ROOT / "tests" / "integration" / "runner"))

import spine  # noqa: E402

BEHIND = ("classifier", "registrar", "sanctioner", "courier", "cache", "history")
OURS = re.compile(r"credit\.(classified|decided|checkpoints|state|status|measures|notices|notices\..*|rejected\..*)$")


def wipe(run):
    """No topic behind the log, no key, no row; the log, its packs and its identities are left."""
    instance = run.servers
    departments = [n.removeprefix("credit.in.") for n in topics.names(instance.bootstrap) if n.startswith("credit.in.")]
    spine.delete(instance.bootstrap, [n for n in topics.names(instance.bootstrap) if OURS.match(n)])
    services.shell(instance, "cx_quietly topics apply")
    services.shell(instance, 'cx_quietly department add "$@"', *departments)
    with instance.redis() as client:
        client.flushall()
        client.execute_command("FUNCTION", "FLUSH")
    instance.script("psql", "-d", "template1", "-c", "DROP DATABASE IF EXISTS chengxin WITH (FORCE)")
    instance.script("start", "postgres")  # makes the database anew
    services.apply_schema(instance)
    spine.delete_group(instance, "credit.classifier")
    run.say("topics and stores are empty")


def second(run):
    """Runs the log through again; the dump's folder."""
    wipe(run)
    stages = fleet.Fleet(run.servers, slots=1, names=BEHIND, logs="log/second")
    try:
        stages.start()
        run.settle("the log has run through again", BEHIND)
        ends = stages.stop()
        assert set(ends.values()) == {0} and not stages.ends, (ends, [life.last_words() for life in stages.ends])
    finally:
        stages.kill()
    return run.dump("second")
