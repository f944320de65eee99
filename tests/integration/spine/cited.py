"""What `chengxin explain` cites: of a listing, a measure, an objection, a repair and an incentive, as the pack's own files have it."""

import csv
import json

from cxtest import servers, services

BODIES = {"objection": {"target", "received_on", "grounds"}, "repair": {"target", "applied_on", "duties_corrected"}}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Cited:
    def cited(self, name, what, code):
        """(the basis, the clauses of the city's own document) of that citation; the basis is there with its title."""
        done = services.chengxin(self.p.servers, "explain", name, "--purpose", "AUDIT", "--json")
        cited = {(c["what"], c["code"]): c for c in json.loads(done.stdout)["cited"]}
        self.assertIn((what, code), cited, name)
        one = cited[what, code]
        self.assertTrue(cited["basis", one["basis"]]["name"], one)
        text = services.chengxin(self.p.servers, "explain", name, "--purpose", "AUDIT").stdout.partition("what it rests on\n")[2]
        for line in (f"  {what} {code}: ", f"  basis {one['basis']}: {cited['basis', one['basis']]['name']}", f"clause {one['clause']} ("):
            self.assertIn(line, text)
        return one["basis"], one["clause"].split(";")

    def test_explain_cites_statutes_and_the_citys_clauses(self):
        city = self.pack.parent.name
        clauses = {row["clause"] for row in rows_of(servers.ROOT / "docs" / "clauses.csv") if row["city"] == city}
        sheets = {name: {row["code"]: row for row in rows_of(self.pack / f"{name}.csv")} for name in ("lists", "measures")}
        told = [n for name in self.p.departments for n in self.p.department(name).notices()]
        entry = next(e for e in self.entries_of(self.final).values() if e["list"] in sheets["lists"])
        chosen = [(entry["id"], "list", sheets["lists"][entry["list"]])]
        for kind in ("IMPOSE", "INCENTIVE"):
            one = next(n for n in told if n["kind"] == kind and n["measure"] in sheets["measures"])
            chosen.append((one["measure_id"], "measure", sheets["measures"][one["measure"]]))
        for name, what, row in chosen:
            self.assertEqual(self.cited(name, what, row["code"]), (row["basis"], row["clause"].split(";")))
            self.assertLessEqual(set(row["clause"].split(";")), clauses)
        for procedure, members in BODIES.items():
            header = next(h for h, event, verdict in self.own() if verdict == "OK" and members <= set(event["body"]))
            _, found = self.cited(f"{header['department']}/{header['event_id']}", "procedure", procedure)
            self.assertLessEqual(set(found), clauses)
