"""An operator who has only the runbook: types its commands, on a pipeline under test, and knows its alerts' expressions.

There is no systemd where tests run: `systemctl` is a script here that knows the units' names and does to this instance's
processes what systemd would. A unit that is not delivered (build/*/deploy/systemd) is unknown to it.
"""

import os
import pathlib
import re
import subprocess
import tempfile

from cxtest import servers, services
from cxtest.waiting import wait_until

import runbook

ALERTS = servers.ROOT / "deploy" / "prometheus" / "alerts.yml"
MINUTE = "5s"  # where an alert looks back over minutes, the rehearsal looks back that long

SYSTEMCTL = """#!/bin/bash
# systemctl [--OPTION...] VERB UNIT
verb= unit=
for word in "$@"; do case $word in --*) ;; *) if [ -z "$verb" ]; then verb=$word; else unit=$word; fi ;; esac; done
set -- ROOT -
PRELUDE
service=${unit#chengxin-} slot=${unit##*@}
service=${service%@*} id=${service%@*}
[ "$slot" = 0 ] || [ "$unit" = "chengxin-$service" ] || id=$service-$slot
case $unit in
chengxin-*@*) delivered=chengxin-$service@.service kind=service ;;
chengxin-lag) delivered=chengxin-lag.service kind=exporter ;;
kafka) kind=server id=kafka ;;
redis-server) kind=server id=redis ;;
postgresql) kind=server id=postgres ;;
*) echo "Unit $unit.service could not be found." >&2 && exit 4 ;;
esac
if [ $kind != server ] && [ ! -f "$CX_BUILD/deploy/systemd/$delivered" ]; then
    echo "Unit $unit.service could not be found." >&2
    exit 4
fi
begin() {
    case $kind in
    service) cx_service_start "$service" "$slot" && cx_service_wait "$service" "$slot" 60 ;;
    exporter) cx_exporter_start --every 1 --stall 2 ;;
    server) cx_servers_start "$id" ;;
    esac
}
end() { if [ $kind = server ]; then cx_servers_stop "$id"; else cx_stop "$CX_VAR/run/$id.pid" TERM 2 "$unit"; fi; }
case $verb in
status)
    pid=$(cx_pid "$CX_VAR/run/$id.pid") && echo "$unit: active (running), pid $pid" || echo "$unit: inactive (dead)"
    tail -n 10 "$CX_VAR/log/$id.log"
    [ -n "$pid" ] || exit 3
    ;;
start | enable) begin ;;
stop | disable) end ;;
restart) end && begin ;;
*) echo "systemctl: what is $verb?" >&2 && exit 1 ;;
esac
"""


def script(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Typist:
    """`names` are the variables that the runbook's commands use; the runbook says where they come from."""

    def __init__(self, case, pipeline, **names):
        folder = tempfile.TemporaryDirectory()
        case.addClassCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        prelude = services.PRELUDE.replace("set -u\n", "")
        script(self.folder / "systemctl", SYSTEMCTL.replace("ROOT", str(servers.ROOT)).replace("PRELUDE", prelude))
        script(self.folder / "chengxin", f'#!/bin/bash\nexec {servers.ROOT}/ops/chengxin "$@"\n')
        self.environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "CX_VAR": str(pipeline.servers.folder),
                            "WHO": "OP-7", "WHY": "the rehearsal", **names}
        self.sections, self.lines = runbook.sections(), set()  # the lines that were typed

    def run(self, line, **names):
        """A line, as it is typed. It must not fail, but that a unit is dead is an answer, too."""
        done = subprocess.run(["bash", "-uo", "pipefail", "-c", line], env={**self.environment, **names}, text=True, timeout=180,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        is_answer = done.returncode == 3 and line.startswith("systemctl --no-pager status ")
        assert done.returncode == 0 or is_answer, f"{line}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def systemctl(self, verb, unit):
        return self.run(f"systemctl {verb} {unit}")

    def type(self, section, *blocks, **names):
        """Types a section's commands, or those blocks of them, a line at a time; what they printed."""
        there = runbook.commands(self.sections[section])
        chosen = blocks or range(len(there))
        lines = [line for n in chosen for line in there[n].splitlines()]
        self.lines.update(lines)
        return "".join(self.run(line, **names) for line in lines)

    def type_the_rest(self, sections, **names):
        """Those lines of these sections that were not typed yet."""
        for line in [line for s in sections for block in runbook.commands(self.sections[s]) for line in block.splitlines()]:
            if line not in self.lines:
                self.lines.add(line)
                self.run(line, **names)


def expressions():
    """Section of the runbook -> its alert's expression, that of one who has seconds and not minutes: windows are of five seconds,
    and what may wait a minute or two may wait six seconds (five are ok to `chengxin lag`)."""
    text, found = ALERTS.read_text(encoding="utf-8"), {}
    for expression, section in re.findall(r"^        expr: (.+)$(?:.|\n)+?runbook_url: docs/runbook\.md#(\S+)$", text, re.MULTILINE):
        expression = expression[1:-1].replace("''", "'") if expression[0] == "'" else expression
        expression = re.sub(r"\[\d+m\]", f"[{MINUTE}]", expression)
        found[section] = re.sub(r"(_seconds\S*) > (60|120)$", r"\1 > 6", expression)
    return found


class Alarm:
    """The alerts, evaluated by a real Prometheus (tests/operators/metrics/watch.py)."""

    def __init__(self, watch):
        self.watch, self.expressions = watch, expressions()

    def rings(self, section, **labels):
        return [x["metric"] for x in self.watch.query(self.expressions[section]) if labels.items() <= x["metric"].items()]

    def wait(self, section, seconds=60, **labels):
        """Until the alert of that section rings, for these labels."""
        return wait_until(lambda: self.rings(section, **labels), seconds, f"the alert {section} {labels}", pause=0.2)[0]

    def wait_one(self, sections, seconds=60, **labels):
        """Until one of these rings."""
        return wait_until(lambda: [m for s in sections for m in self.rings(s, **labels)], seconds, f"one of {sections} {labels}", pause=0.2)[0]

    def silence(self, section, seconds=60, **labels):
        wait_until(lambda: not self.rings(section, **labels), seconds, f"the alert {section} {labels} is over", pause=0.2)
