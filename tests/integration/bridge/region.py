"""One installation: its servers, its pack, and the services of the spine that a test of the bridge needs."""

import csv
import pathlib
import shutil

from cxtest import servers, services, topics
from cxtest.waiting import wait_until
from department import Department
from pipeline import PACK

START = "2026-03-02T09:00:00+08:00"
PEER = 130000


def rewrite(path, change):
    """A pack's CSV file with what `change` makes of its rows."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = reader.fieldnames, list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def province(folder):
    """A province's pack: Shijiazhuang's law, and that city's market authority and court are departments of it. Of the market
    authority's items it takes food penalties alone."""
    policies = shutil.copytree(PACK.parents[1], pathlib.Path(folder) / "policies")
    pack = shutil.copytree(PACK, policies / "hebei" / "2026-01")
    properties = pack / "policy.properties"
    properties.write_text(properties.read_text().replace("name=shijiazhuang", "name=hebei").replace("=130100", f"={PEER}"))
    (pack / "exchange.csv").unlink()
    departments = [{"code": "sjz-market", "name": "M", "kind": "department", "competent_for": "B-MARKET", "clause": "X"},
                   {"code": "sjz-court", "name": "C", "kind": "court", "competent_for": "B-COURT", "clause": "X"}]
    rewrite(pack / "departments.csv", lambda rows: rows + departments)
    rewrite(pack / "catalog.csv", lambda rows: [{**r, "reporters": "market;sjz-market"} if r["code"] == "MK-FOOD-PENALTY" else r
                                                for r in rows])
    return pack


class Region:
    def __init__(self, instance, schemas, pack, names, departments, **settings):
        self.servers, self.schemas = instance, schemas
        services.write_config(instance, clock__kind="virtual", clock__start=START, pack__dir=pack, **settings)
        services.shell(instance, 'cx_quietly vault init && cx_quietly topics apply && cx_quietly department add "$@"', *departments)
        with (servers.ROOT / "deploy" / "kafka" / "topics.csv").open(encoding="utf-8", newline="") as file:
            declared = {row["topic"] for row in csv.DictReader(file) if not row["topic"].endswith(".")}
        wait_until(lambda: declared <= set(topics.names(instance.bootstrap)), 30, "the topics, as the brokers tell of them")
        self.services = {name: services.Service(instance, name).start(ready=False) for name in names}
        for service in self.services.values():
            service.start()
        services.shell(instance, 'cx_pipeline_policy "$1"', pack)

    def send(self, department, *events):
        Department(department, self.servers.bootstrap, self.schemas).send(*events)

    def dump(self, topic, name):
        return [self.schemas.decode(name, m.value) for m in topics.dump(self.servers.bootstrap, topic)]

    def raw(self, topic):
        return b"".join(m.value or b"" for m in topics.dump(self.servers.bootstrap, topic))

    def verdicts(self):
        """(department, event id) -> the verdicts on it."""
        found = {}
        for d in self.dump("credit.decided", "Decided"):
            header = d["classified"]["event"]["header"]
            if header is not None and d["index"] == 0:
                found.setdefault((header["department"], header["event_id"]), []).append(d["verdict"])
        return found

    def states(self):
        """(department, the event that a row rests on) -> (state, its document's number), as they stand."""
        found = {}
        for d in self.dump("credit.decided", "Decided"):
            for change in d["changes"]:
                entry, record = change["entry"], change["record"]
                row = entry or record
                found[row["department"], entry["decision"] if entry else record["event_id"]] = (row["state"], row["document"]["number"])
        return found
