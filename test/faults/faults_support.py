"""What the tests of faults share: the program behind faulty.cpp."""
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import cli_support
from cli_support import CliCase, png

LIBRARY = ""


def environment(**more):
    """One thread, so that the n-th allocation is the same in every run."""
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {**os.environ, "LD_PRELOAD": LIBRARY, **one_thread, **more}


class Server:
    """Runs one command again and again, an allocation failing each time."""
    REQUEST, REPLY = struct.Struct("ll"), struct.Struct("ll1000s")

    def __init__(self, folder, *command, **more):
        ours, theirs = os.pipe(), os.pipe()
        self.out, self.err = (open(os.path.join(folder, name), "ab+") for name in ("stdout", "stderr"))
        self.process = subprocess.Popen(
            [cli_support.PROGRAM, *map(str, command)], cwd=os.path.join(folder, "work"), stdout=self.out, stderr=self.err,
            pass_fds=(ours[0], theirs[1]), env=environment(CONVMAT_FAULT_SERVER=f"{ours[0]},{theirs[1]}", **more))
        os.close(ours[0])
        os.close(theirs[1])
        self.to, self.back = ours[1], theirs[0]

    def run(self, at, lasting):
        """(exit code or minus the signal, allocations, libraries of a crash, standard output, standard error)"""
        for file in (self.out, self.err):
            file.truncate(0)
        os.write(self.to, self.REQUEST.pack(at, lasting))
        status, allocations, where = self.REPLY.unpack(os.read(self.back, self.REPLY.size))
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
        return os.waitstatus_to_exitcode(status), allocations, where.rstrip(b"\0").decode().split(), *texts

    def close(self):
        os.close(self.to)
        self.process.wait()
        os.close(self.back)
        self.out.close()
        self.err.close()


def main():
    """Runs the tests of the file that was started as `FILE_test.py PROGRAM LIBRARY [unittest's arguments]`."""
    global LIBRARY
    LIBRARY = os.path.abspath(sys.argv.pop(2))
    cli_support.main()
