"""A second run of the log: what the stages behind it wrote is deleted, the stores are emptied, and nothing disturbs them.
Then one of intake alone, over what arrived.
"""

import re
import shutil
import sys

from cxtest import dumps, fleet, servers, services, topics

sys.path.insert(0, str(servers.ROOT / "tests" / "integration" / "runner"))

import spine  # noqa: E402

BEHIND = ("classifier", "registrar", "sanctioner", "courier", "points", "cache", "history")
OURS = re.compile(r"credit\.(classified|decided|checkpoints|state|status|measures|points|notices|notices\..*|rejected\..*)$")
WRITTEN_BY_INTAKE = re.compile(r"credit\.(records|rejected\..*)$")


def empty(run, ours):
    """Deletes those topics and makes them anew."""
    instance = run.servers
    departments = [n.removeprefix("credit.in.") for n in topics.names(instance.bootstrap) if n.startswith("credit.in.")]
    spine.delete(instance.bootstrap, [n for n in topics.names(instance.bootstrap) if ours.match(n)])
    services.shell(instance, "cx_quietly topics apply")
    services.shell(instance, 'cx_quietly department add "$@"', *departments)


def wipe(run):
    """No topic behind the log, no key, no row, no file of rows; the log, its packs and its identities are left."""
    instance = run.servers
    empty(run, OURS)
    shutil.rmtree(instance.folder / "data" / "state", ignore_errors=True)  # there are none before the first midnight
    with instance.redis() as client:
        client.flushall()
        client.execute_command("FUNCTION", "FLUSH")
    instance.script("psql", "-d", "template1", "-c", "DROP DATABASE IF EXISTS chengxin WITH (FORCE)")
    instance.script("start", "postgres")  # makes the database anew
    services.apply_schema(instance)
    spine.delete_group(instance, "credit.classifier")
    run.say("topics and stores are empty")


def undisturbed(run, names, what):
    """One slot of each of these, until all is through."""
    stages = fleet.Fleet(run.servers, slots=1, names=names, logs=f"log/{names[0]}-again")
    run.fleets.append(stages)
    stages.start()
    run.settle(what, names)
    ends = stages.stop()
    assert set(ends.values()) == {0} and not stages.ends, (ends, [life.last_words() for life in stages.ends])


def second(run):
    """Runs the log through again; the dump's folder."""
    wipe(run)
    undisturbed(run, BEHIND, "the log has run through again")
    return run.dump("second")


def intake(run):
    """Makes a log anew of what arrived; topic -> its messages."""
    empty(run, WRITTEN_BY_INTAKE)
    spine.delete_group(run.servers, "credit.intake")
    undisturbed(run, ("intake",), "all that arrived is taken in again")
    names = [n for n in topics.names(run.servers.bootstrap) if WRITTEN_BY_INTAKE.match(n)]
    folder = run.dump_topics("intake", names)
    return {name: dumps.read(folder, name) for name in names}
