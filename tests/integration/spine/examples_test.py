#!/usr/bin/python3
"""The examples of docs/examples, run as they are, as departments' own clients against the whole pipeline."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import servers, topics  # noqa: E402

from pipeline import Pipeline  # noqa: E402

EXAMPLES = servers.ROOT / "docs" / "examples"
PUBLISHERS = {"py": [str(EXAMPLES / "publish.py")], "kp": [str(EXAMPLES / "publish_python_kafka.py")],
              "c": [str(pathlib.Path(os.environ["CX_BUILD"]) / "docs" / "example_publish")]}
CREDIT_CODE = "91990100990099010T"
PERSON = "990100198212094856"


def court_event(event_id, body):
    return {"event_id": event_id, "jurisdiction": 130100, "issued_at": "2026-03-01T09:00:00+08:00", "happened_on": "2026-02-24",
            "document": {"number": "样法执〔2026〕C1号", "date": "2026-03-01", "issuing_body": "court", "legal_basis": "FS-2017"},
            "official": {"role": "JUDGE", "number": "J-009"},
            "subject": {"type": "PERSON", "id_type": "CITIZEN_ID", "id": PERSON, "name": "样例人员0484", "verified": True},
            "body": body}


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline()
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()

    def run_example(self, how, *arguments):
        done = subprocess.run([*PUBLISHERS[how], self.p.servers.bootstrap, *arguments], text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, f"{how}: {done.stdout}")

    def test_each_publisher_is_accepted_and_says_the_same(self):
        for how in PUBLISHERS:
            self.run_example(how, "market", CREDIT_CODE, f"ex-{how}")
        for how in PUBLISHERS:
            self.run_example(how, "market", CREDIT_CODE, "ex-py")  # what one sent, the others send again
        sent = [m.value for m in topics.dump(self.p.servers.bootstrap, "credit.in.market")]
        self.assertEqual(len(sent), 6)
        self.assertEqual(set(sent[3:]), {sent[0]}, "the same event, the same bytes")
        self.p.settle()
        verdicts = self.p.verdicts()
        self.assertEqual(verdicts["market", "ex-py"], ["OK", "DUPLICATE", "DUPLICATE", "DUPLICATE"])
        self.assertEqual(verdicts["market", "ex-kp"], ["OK"])
        self.assertEqual(verdicts["market", "ex-c"], ["OK"])
        self.assertEqual(self.p.department("market").rejections(), [])
        rows = self.p.sql("SELECT event_id, verdict, document_number, direction FROM history.events"
                          " WHERE department = 'market' AND verdict = 'OK' ORDER BY event_id")
        self.assertEqual(rows, [(f"ex-{how}", "OK", "石罚〔2026〕901号", "ADVERSE") for how in ("c", "kp", "py")])

    def test_a_wrong_credit_code_comes_back(self):
        self.run_example("kp", "tax", CREDIT_CODE[:-1] + "1", "ex-wrong")
        self.p.settle()
        came = self.p.department("tax").rejections()
        self.assertEqual([(r["event_id"], r["reason"], r["offset"]) for r in came], [("ex-wrong", "WRONG_CHECK_DIGIT", 0)])

    def test_subscriber_hears_and_answers(self):
        self.p.department("court").send(
            court_event("ct-ex", {"Record": {"item": "CT-DEFAULTER", "amount": 52000000}}),
            court_event("ld-ex", {"ListingDecision": {
                "list": "B-COURT", "notice": "", "rests_on": ["ct-ex"], "grade": "SERIOUS", "case": "2",
                "measures": ["M-CONSUMPTION", "M-FLIGHT"], "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}}))
        with subprocess.Popen([str(EXAMPLES / "subscribe.py"), self.p.servers.bootstrap, "civil-aviation", "120"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as subscriber:
            try:
                self.assertRegex(subscriber.stdout.readline(), r"^IMPOSE M-FLIGHT B-COURT e\.\d+\.\d+\.\d+ 2028-03-01$")
                notice, = self.p.department("civil-aviation").notices()
                feedback = ("civil-aviation", f"fb-{notice['measure_id']}-IMPOSE")
                self.p.wait(lambda: topics.dump(self.p.servers.bootstrap, "credit.in.civil-aviation"), "the feedback")
            finally:
                subscriber.terminate()
        self.p.settle()
        self.assertEqual(self.p.verdicts()[feedback], ["OK"])
        self.assertEqual(self.p.department("civil-aviation").rejections(), [])
        measures = {m["id"]: m for _, row in self.p.dump("credit.measures", "MeasureState") for m in row["measures"]}
        self.assertEqual(measures[notice["measure_id"]]["feedback"], "DONE")
        self.assertEqual(self.p.sql("SELECT kind, verdict FROM history.events WHERE department = 'civil-aviation'"),
                         [("MeasureFeedback", "OK")])


if __name__ == "__main__":
    unittest.main()
