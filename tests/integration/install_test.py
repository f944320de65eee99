#!/usr/bin/python3
"""What `cmake --install` puts where: programs, man pages, a client's headers, units that systemd finds nothing wrong with."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["CX_BUILD"])


def output(*command, **environment):
    """Both streams of a program that must succeed."""
    done = subprocess.run(command, env={**os.environ, **environment}, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        output("cmake", "--install", str(BUILD), "--prefix", "/usr", DESTDIR=str(cls.root))
        cls.services = sorted((cls.root / "usr/libexec/chengxin").glob("chengxin-*"))

    def test_every_program_has_a_page_that_man_reads(self):
        names = [p.name for p in self.services]
        self.assertGreaterEqual(set(names), {f"chengxin-{n}" for n in ("intake", "clock", "classifier", "registrar", "sanctioner",
                                                                       "courier", "points", "cache", "history")})
        man = self.root / "usr/share/man"
        self.assertEqual(sorted(p.stem for p in (man / "man8").iterdir()), names)
        pages = [*(man / "man1").iterdir(), *(man / "man5").iterdir(), *(man / "man8").iterdir()]
        self.assertIn("chengxin.properties.5", [p.name for p in pages])
        for path in pages:
            with self.subTest(path.name):
                self.assertEqual(subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8", path], stderr=subprocess.PIPE, check=True).stderr, b"")
                name, _, summary = output("lexgrog", str(path)).partition(": ")[2].strip().strip('"').partition(" - ")
                self.assertEqual(name, path.name.rsplit(".", 1)[0])
                self.assertTrue(summary)

    def test_every_service_says_what_it_does(self):
        for program in self.services:
            text = output(str(program), "--help")
            for word in (f"usage: {program.name}", "reads", "writes", "/metrics", "Exit codes"):
                self.assertIn(word, text)
            self.assertEqual(subprocess.run([program, "--halp"], stderr=subprocess.DEVNULL, check=False).returncode, 2)

    def test_headers_are_the_clients_alone(self):
        headers = {str(p.relative_to(self.root / "usr/include/chengxin")) for p in (self.root / "usr/include").rglob("*.h")}
        self.assertIn("common/wire/encode.h", headers)
        self.assertFalse([h for h in headers if not h.startswith(("common/base/", "common/wire/", "schemas/"))])

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_systemd_finds_nothing_wrong_with_the_units(self):
        units = self.root / "units"
        shutil.copytree(self.root / "usr/lib/systemd/system", units)
        for path in units.glob("*.service"):
            text = path.read_text()
            program = text.split("ExecStart=")[1].split()[0]
            folder = "usr/bin" if program.endswith("/chengxin") else "usr/libexec/chengxin"
            installed = self.root / folder / pathlib.Path(program).name
            self.assertTrue(os.access(installed, os.X_OK), installed)
            path.write_text(text.replace(program, str(installed)))
        self.assertEqual(len(list(units.iterdir())), len(self.services) + 2)  # the target, and the exporter of lag
        self.assertEqual(self.findings(units), [])
        intake = units / "chengxin-intake@.service"
        good = intake.read_text()
        for mistake in (("ProtectHome=yes", "ProtectHoem=yes"), ("man:chengxin-intake(8)", "man:chengxin-intaek(8)"),
                        ("libexec/chengxin/chengxin-intake", "libexec/chengxin/chengxin-intaek")):
            intake.write_text(good.replace(*mistake))
            self.assertTrue(self.findings(units), mistake)

    def findings(self, units):
        """What systemd says of our units; it may say more of others on this machine."""
        names = [str(p).replace("@.", "@0.") for p in units.iterdir()]
        done = subprocess.run(["systemd-analyze", "verify", "--man=yes", *names], text=True, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={**os.environ, "MANPATH": f"{self.root}/usr/share/man:",
                                                             "SYSTEMD_UNIT_PATH": f"{units}:"})
        return [line for line in done.stdout.splitlines() if "chengxin" in line]


if __name__ == "__main__":
    unittest.main()
