"""More partitions for a run's log, by the way that docs/runbook.md tells; killed in the middle, and gone on with."""

import os
import signal
import subprocess

from cxtest import fleet, servers, services
from cxtest.waiting import wait_until

ARGUMENTS = ("topics", "repartition", "--partitions")


def repartition(run, into, *more):
    return services.chengxin(run.servers, *ARGUMENTS, into, *more, check=False)


def killed(run, into, line):
    """SIGKILL as soon as it has said that line; what it said until then."""
    process = subprocess.Popen([servers.ROOT / "ops" / "chengxin", *ARGUMENTS, str(into)], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "CX_VAR": str(run.servers.folder)}, start_new_session=True)
    said = []
    for text in process.stdout:
        said.append(text)
        if text.startswith(line):
            os.killpg(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait(30) == -signal.SIGKILL, f"it was not killed behind {line}: {said}"
    return "".join(said)


def refuses_to_start(run, name):
    """A service started in the middle of it ends at once."""
    slot = fleet.Slot(run.fleet, name, 90)
    life = slot.start()
    wait_until(lambda: life.ended() is not None, 60, f"{name} has ended")
    assert life.ended() != 0 and "TOPIC_PARTITIONS" in life.text(), life.last_words()


def double(run, into):
    """Every service is down before and behind it. What the command said."""
    early = repartition(run, into, "--dry-run")
    assert early.returncode == 3 and ("STILL_RUNNING" in early.stderr or "NOT_DRAINED" in early.stderr), early
    run.halt()
    for wrong in (into - 1, 0, into // 2 * 3 + 1):
        assert repartition(run, wrong).returncode == 2
    said = killed(run, into, "credit.state:")
    run.say("repartition killed behind the registrar's rows")
    for name in ("classifier", "registrar", "sanctioner"):
        refuses_to_start(run, name)
    done = repartition(run, into)
    assert done.returncode == 0, done
    again = repartition(run, into)
    assert again.returncode == 0 and "it is done" in again.stdout, again
    run.partitions = into
    services.write_config(run.servers, **{**run.settings, "topics__partitions": into})
    plan = services.chengxin(run.servers, "topics", "plan", check=False)
    assert "partitions, declared" not in plan.stdout, plan.stdout
    run.say(f"the log has {into} partitions")
    return said + done.stdout
