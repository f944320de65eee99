#!/usr/bin/python3
"""make_man.py CHENGXIN OUT: writes the man pages chengxin.1, chengxin-COMMAND.1 and chengxin.properties.5 from what the program
itself says (--help, and the table of settings), so that neither can be forgotten."""

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


def main(program, out):
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


if __name__ == "__main__":
    main(*sys.argv[1:3]) if len(sys.argv) == 3 else sys.exit(__doc__)
