#!/usr/bin/python3
"""make_man.py OUT CHENGXIN [SERVICE...]: writes the man pages chengxin.1, chengxin-COMMAND.1, chengxin.properties.5 and
chengxin-SERVICE.8, from what the programs themselves say (--help, and the table of settings), so that none can be forgotten."""

import pathlib
import subprocess
import sys


def run(program, *arguments):
    return subprocess.run([program, *arguments], stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8").stdout


def escape(text):
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def page(name, section, summary, body):
    title = name.upper().replace("-", "\\-")
    return (f'.TH "{title}" "{section}" "" "Chengxin" "Chengxin"\n.SH NAME\n{escape(name)} \\- {escape(summary)}\n'
            f".SH DESCRIPTION\n.nf\n{escape(body)}\n.fi\n"
            ".SH SEE ALSO\n.BR chengxin (1),\n.BR chengxin.properties (5)\n")


def commands(help_text):
    """name, summary of each line "  name    summary"."""
    for line in help_text.splitlines():
        if line.startswith("  ") and len(line.split(None, 1)) == 2:
            yield line.split(None, 1)


def service_page(program):
    """Name and page of a service, from the first line of its help: "chengxin-NAME: what it does."."""
    help_text = run(program, "--help")
    name, summary = help_text.splitlines()[0].split(": ", 1)
    return name, page(name, 8, summary.rstrip("."), help_text)


def main(out, program, *services):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    help_text = run(program, "--help")
    (out / "chengxin.1").write_text(page("chengxin", 1, "publish, ask, check and operate a city's credit records", help_text))
    names = []
    for name, summary in commands(help_text):
        names.append(name)
        (out / f"chengxin-{name}.1").write_text(page(f"chengxin-{name}", 1, summary, run(program, name, "--help")))
    if "config" in names:
        (out / "chengxin.properties.5").write_text(
            page("chengxin.properties", 5, "settings of the services and of chengxin", run(program, "config", "--help")))
    for service in services:
        name, text = service_page(service)
        (out / f"{name}.8").write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 2 else sys.exit(__doc__)
