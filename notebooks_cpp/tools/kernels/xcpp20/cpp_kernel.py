"""A Jupyter kernel for C++ that drives clang-repl (Debian: clang-tools-22, python3-ipykernel).

clang-repl does not recover from a cell that does not compile: definitions before the error stay behind, half-made
template instances stay broken, headers count as read. So a second clang-repl with -fsyntax-only sees each cell first,
only a cell it accepts reaches the real one, and after a refusal it is replaced by a new one that reads the accepted
cells again. CPP_KERNEL_CHECK=0 does without it, in half the time, for notebooks that end at the first failed cell.
"""
import base64
import glob
import os
import re
import shutil
import struct
import subprocess
import tempfile

from ipykernel.kernelbase import Kernel

from clang_repl import FAILED, Missing, Repl

CRASH = "error: clang crashed on this cell (a lambda or class inside a block? put it in a function)\n"
ENDED = "the C++ session has ended{}; the next cell starts a new one"
THROWN = re.compile(r"terminate called after throwing an instance of '(.*)'(?:\n\s*what\(\):\s*(.*))?")
ASSERTED = re.compile(r".*Assertion .* failed\.")
STACK_DUMP = re.compile(r"^ *#0 0x|^PLEASE submit", re.M)
HINTS = {
    r"Symbols not found: .*convmat": 'convmat is not loaded: the first cell must be #include "nb.hpp" and nb::load();',
    r"'convmat/.*' file not found": "convmat's headers were not found: the notebook belongs into notebooks_cpp/ of a "
                                    "clone, or convmat must be installed",
    r"'(Eigen|nlohmann)/.*' file not found": "a package is missing: scripts/install_dependencies notebooks",
}


def working_folder():
    """A new folder for the cells; folders of kernels that were killed are removed."""
    start = os.path.join(tempfile.gettempdir(), f"cpp_kernel.{os.getuid()}.")
    for folder in glob.glob(start + "*"):
        if not os.path.exists("/proc/" + folder[len(start):].split(".")[0]):
            shutil.rmtree(folder, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{start}{os.getpid()}.")


def saved_as_png(bundle):
    """Exchanges a bundle's SVG, which nbconvert and GitHub strip, for a PNG; returns its metadata, where the SVG is."""
    svg = bundle.get("image/svg+xml")
    if not svg or not shutil.which("rsvg-convert"):
        return {}
    png = subprocess.run(["rsvg-convert", "--zoom=2"], input=svg.encode(), stdout=subprocess.PIPE, check=False).stdout
    if not png:  # not an SVG: left as it is
        return {}
    del bundle["image/svg+xml"]
    bundle["image/png"] = base64.b64encode(png).decode()
    return {"image/png": {"width": struct.unpack(">I", png[16:20])[0] // 2},
            "svg": svg.splitlines(keepends=True)}


def described(messages, status):
    """The name, value and text of the error that ended a session, from what was written to stderr and how it ended."""
    ended = ENDED.format(", " + status)
    dump = STACK_DUMP.search(messages)
    text = messages[:dump.start()] + (CRASH if "clang::CodeGen" in messages else "") if dump else messages
    name, value = "SessionEnded", ended
    if thrown := THROWN.search(text):
        name, value = thrown[1], thrown[2] or ""
    elif asserted := ASSERTED.search(text):
        name, value = "Assertion", asserted[0]
    return name, value, text + ended


class CppKernel(Kernel):
    """One session is two clang-repls: self.check sees a cell first, self.repl runs it."""
    implementation, implementation_version, banner = "clang-repl", "1", "C++ (clang-repl)"
    language_info = {"name": "C++", "version": "cxx20", "mimetype": "text/x-c++src",
                     "codemirror_mode": "text/x-c++src", "file_extension": ".cpp"}
    folder, check, repl, silent = None, None, None, False

    def _open(self):
        self.folder, self.accepted = working_folder(), []
        if os.environ.get("CPP_KERNEL_CHECK") != "0":
            self.check = Repl(self.folder, "-fsyntax-only")
        self.repl = Repl(self.folder, show=self._show)

    def _close(self):
        for repl in (self.check, self.repl):
            if repl:
                repl.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = self.check = self.repl = None

    def _send(self, kind, **content):
        if not self.silent:
            self.send_response(self.iopub_socket, kind, content)

    def _show(self, output):
        if isinstance(output, str):
            self._send("stream", name="stdout", text=output)
        else:
            metadata = saved_as_png(output)
            self._send("display_data", data=output, metadata=metadata)

    def _checked(self, code, name):
        """The messages of the syntax check; after a refusal it starts afresh from the accepted cells."""
        if not self.check:
            return ""
        messages = self.check.run(code, name) if self.check.alive else ""
        if not self.check.alive:
            messages = CRASH
        if FAILED.search(messages):
            self._renew_check()
        return messages

    def _renew_check(self):
        self.check.close()
        self.check = Repl(self.folder, "-fsyntax-only")
        for cell in self.accepted:
            self.check.run(*cell)

    def _run(self, code):
        """Runs a cell; returns its messages."""
        name = f"In_{self.execution_count}"
        messages = self._checked(code, name)
        if FAILED.search(messages):
            return messages
        messages = self.repl.run(code, name)
        failed = FAILED.search(messages)
        if self.repl.alive and failed and not self.check:  # nothing more can be asked of it
            self.repl.flush()
            return messages
        if self.repl.alive and failed:  # it did not link
            self.repl.undo()
            self._renew_check()
        self.repl.finish()
        if not failed:
            self.accepted.append((code, name))
        return messages

    def _attempt(self, code):
        """Runs a cell; returns None, or the name, value and text of its error."""
        try:
            if not self.repl:
                self._open()
            messages = self._run(code)
        except KeyboardInterrupt:
            self._close()
            return "Interrupted", ENDED.format(""), "interrupted: " + ENDED.format("")
        except Missing as error:
            self._close()
            return "Missing", str(error), str(error)
        if not self.repl.alive:
            status = self.repl.status()
            self._close()
            return described(messages, status)
        if FAILED.search(messages):
            hints = [f"hint: {hint}\n" for pattern, hint in HINTS.items() if re.search(pattern, messages)]
            if not self.check:
                self._close()
            return "CompileError", next(iter(re.findall("error: (.*)", messages)), ""), messages + "".join(hints)
        if messages:
            self._send("stream", name="stderr", text=messages)
        return None

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False):
        """Jupyter's request to run a cell."""
        self.silent = silent
        error = self._attempt(code)
        if error is None:
            return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        name, value, text = error
        content = {"ename": name, "evalue": value, "traceback": text.strip().split("\n")}
        self._send("error", **content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    def do_shutdown(self, restart):
        """Jupyter's request to end: it comes in another thread, while a cell may run."""
        for repl in (self.check, self.repl):
            if repl:
                repl.process.kill()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        return {"status": "ok", "restart": restart}


if __name__ == "__main__":
    from ipykernel.kernelapp import IPKernelApp
    IPKernelApp.launch_instance(kernel_class=CppKernel)
