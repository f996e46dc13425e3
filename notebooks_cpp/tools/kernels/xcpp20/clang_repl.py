"""One clang-repl process: give it cells, get what they print and what clang-repl says of them.

A cell is written to a file and given to clang-repl as one #include line, so multi-line cells, comments and preprocessor
lines work and messages name cell and line. Its end is marked by asking for a shared library that does not exist: the
refusal comes even after a failed cell.

Rich output comes inside stdout as ESC _ jupyter:JSON ESC \\ (see xcpp/xdisplay.hpp). JSON null says that a cell's stdout
is complete: a terminal may pass it on later than stderr.
"""
import json
import os
import pty
import re
import selectors
import shlex
import shutil
import signal
import subprocess
import time
import tty

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../../../.."))  # of the clone, when the kernel is used in place
RICH = re.compile(rb"\x1b_jupyter:(.*?)\x1b\\", re.S)
FAILED = re.compile(r"^error: ", re.M)  # clang-repl ends the messages of a failed cell so
CUT_CHARACTER = re.compile(rb"([\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})?\Z")  # UTF-8 that goes on
LONG_PIECE = 1 << 18
INCLUDED = re.compile(r"^In file included from (<<< inputs >>>|input_line_\d+):\d+:\n", re.M)
SETUP = r'''#include <cstdio>
setvbuf(stdout, nullptr, _IONBF, 0);
inline void jupyter_end_of_cell() { fputs("\x1b_jupyter:null\x1b\\", stdout); }
'''


class Missing(Exception):
    """Something that must be installed is not."""


def executable():
    """The path of clang-repl: $CLANG_REPL, or the newest known version."""
    names = [os.environ["CLANG_REPL"]] if "CLANG_REPL" in os.environ else [
        "clang-repl-22", "clang-repl-21", "clang-repl-20", "clang-repl"]
    for name in names:
        if path := shutil.which(name):
            return path
    raise Missing(f"{names[0]} was not found. It is in Debian's package clang-tools-22; in a clone of convmat, "
                  "scripts/notebooks installs all that the notebooks need.")


def environment():
    """clang-repl's environment: CONVMAT_LIBRARIES names the folder of libconvmat.so, whose command is on the PATH."""
    env = {**os.environ, "JUPYTER_DISPLAY": "1"}
    built = os.path.join(ROOT, "build/notebooks/src")
    if "CONVMAT_LIBRARIES" not in env and os.path.isdir(built):
        env["CONVMAT_LIBRARIES"] = built
    if "CONVMAT_LIBRARIES" in env:
        env["PATH"] = f"{env['CONVMAT_LIBRARIES']}/cli:{env['PATH']}"
    return env


def command(*flags):
    """clang-repl's command line; the process ends with the kernel.

    g++ before 14 and clang before 18 leave a template's constraints out of its symbol, and Debian 12's g++ builds the
    libraries: so does clang-repl.
    """
    flags = ["-std=c++20", "-O1", "-fclang-abi-compat=17", "-iquote.", f"-iquote{ROOT}/notebooks_cpp",
             f"-I{ROOT}/include", f"-I{HERE}", *flags, *shlex.split(os.environ.get("CPP_KERNEL_FLAGS", ""))]
    return ["setpriv", "--pdeathsig", "KILL", executable(), *(f"--Xcc={flag}" for flag in flags)]


def read(fd):
    """What can be read now; nothing when the other side is gone."""
    try:
        return os.read(fd, 65536)
    except OSError:  # how a terminal says so
        return b""


class Repl:
    """show(mime bundle or text) gets what a cell writes to stdout; what it writes to stderr is returned."""

    def __init__(self, folder, *flags, show=lambda output: None):
        self.folder, self.show, self.count, self.alive, self.stdout = folder, show, 0, True, b""
        argv = command(*flags)
        self.out, terminal = pty.openpty()  # with a pipe, clang-repl's value printing comes cells later
        tty.setraw(terminal)
        self.err, written = os.pipe()
        self.process = subprocess.Popen(argv, bufsize=0, start_new_session=True, stdin=subprocess.PIPE,
                                        stdout=terminal, stderr=written, env=environment())
        os.close(terminal)
        os.close(written)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.out, selectors.EVENT_READ)
        self.selector.register(self.err, selectors.EVENT_READ)
        self.run(SETUP, "setup")

    def close(self):
        """Ends the process, whatever it does."""
        self.process.kill()
        self.process.wait()
        self.selector.close()
        self.process.stdin.close()
        os.close(self.out)
        os.close(self.err)

    def _output(self, data):
        """Takes in a piece of stdout and shows what is complete of it."""
        self.stdout += data
        while match := RICH.search(self.stdout):
            before, self.stdout = self.stdout[:match.start()], self.stdout[match.end():]
            self._show_text(before)
            bundle = json.loads(match[1])
            self.complete = self.complete or bundle is None
            if bundle:
                self.show(bundle)
        if time.monotonic() > self.shown + 1:  # one piece a second at most, to keep notebooks tidy
            self._text(self.stdout.find(b"\x1b") if b"\x1b" in self.stdout else self.stdout.rfind(b"\n") + 1)
        elif len(self.stdout) > LONG_PIECE and b"\x1b" not in self.stdout:  # not to be looked through again and again
            self._text(len(self.stdout) - len(CUT_CHARACTER.search(self.stdout[-4:])[0]))

    def _text(self, size):
        """Shows the first bytes of what has come."""
        before, self.stdout = self.stdout[:max(size, 0)], self.stdout[max(size, 0):]
        self._show_text(before)

    def _show_text(self, text):
        if text:
            self.show(text.decode(errors="replace"))
            self.shown = time.monotonic()

    def _pump(self, done):
        """Reads until done() or the process has ended."""
        while self.alive and not done():
            for key, _ in self.selector.select():
                data = read(key.fd)
                if key.fd == self.out:
                    self._output(data)
                else:
                    self.stderr, self.alive = self.stderr + data, bool(data)

    def send(self, line):
        """Gives one line to clang-repl; returns what it and the program wrote to stderr."""
        self.count, self.stderr, self.complete, self.shown = self.count + 1, b"", False, time.monotonic()
        mark = f"{self.folder}/done_{self.count}"
        end = re.compile(rb"error: (%s\b.*|Operation failed. No code generator available)\n" % mark.encode())
        try:
            self.process.stdin.write(f"{line}\n%lib {mark}\n".encode())
        except BrokenPipeError:
            pass
        self._pump(lambda: end.search(self.stderr))
        text = end.sub(b"", self.stderr).decode(errors="replace").replace(self.folder + "/", "")
        return INCLUDED.sub("", text)

    def run(self, code, name):
        """Runs a cell; returns its messages."""
        with open(f"{self.folder}/{name}", "w", encoding="utf-8") as file:
            file.write(code + "\n")
        return self.send(f'#include "{self.folder}/{name}"')

    def undo(self):
        """Takes back a cell that compiled but did not link; where that does not help, the process ends."""
        self.send("%undo")
        for _ in range(20):
            if not self.alive or not FAILED.search(self.send(";")):
                return
        self.process.kill()
        self._pump(lambda: False)

    def status(self):
        """How the process ended: by which signal, or with which exit status."""
        code = self.process.wait()
        return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit status {code}"

    def flush(self):
        """Shows what has come of stdout, after a cell that did not compile."""
        self._text(len(self.stdout))

    def finish(self):
        """Waits until all of the last cell's stdout has been shown."""
        if self.alive:
            self.send("jupyter_end_of_cell();")
            self._pump(lambda: self.complete)
        while not self.alive and (data := read(self.out)):
            self._output(data)
        self._text(len(self.stdout))
