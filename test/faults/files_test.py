"""Descriptors, disks, signals, links and modes: what is left in the folder. python3 files_test.py PROGRAM LIBRARY"""
import os
import signal
import stat
import subprocess
import time

import numpy as np

import faults_support
from faults_support import CliCase, cli_support

MESSAGE = ["info", "--foo"]
MAY_END = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE, signal.SIGALRM,
           signal.SIGTERM, signal.SIGXCPU, signal.SIGVTALRM, signal.SIGPROF, signal.SIGRTMIN]


class Case(CliCase):
    def setUp(self):
        super().setUp()
        self.save("y.npy", np.arange(9.0).reshape(1, 3, 3))
        self.solve = ["solve", "--y", "y.npy", "--kernel", "1,2;3,4", "--input", "4x4", "--lambda", "0.1", "--out", "x.npy", "--l-curve"]

    def names(self):
        return sorted(os.listdir(self.folder))

    def with_fault(self, fault, *command):
        environment = faults_support.environment(CONVMAT_FAULT=fault) if fault else None
        return self.start(*command, env=environment)

    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


class Descriptors(Case):
    def code(self, command, **options):
        return subprocess.run([cli_support.PROGRAM, *command], cwd=self.folder, **options).returncode

    def test_s3_a_message_that_cannot_be_told_is_exit_2_all_the_same(self):
        self.assertEqual(self.code(MESSAGE, preexec_fn=lambda: os.close(2)), 2)
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.code(MESSAGE, stderr=full), 2)
        here, there = os.pipe()
        os.close(here)
        self.assertEqual(self.code(MESSAGE, stderr=there), 2)
        os.close(there)
        self.assertEqual(self.code(MESSAGE, preexec_fn=lambda: os.closerange(0, 3)), 2)

    def test_s6_what_a_library_says_does_not_end_in_a_file(self):
        spy = ["spy", "--input", "3x3", "--kernel", "1,2;3,4", "--out"]
        self.run_ok(*spy, "w.png")
        environment = {**os.environ, "FONTCONFIG_FILE": "/nowhere", "FONTCONFIG_PATH": "/nowhere", "G_MESSAGES_DEBUG": "all"}
        for closed in ([2], [1, 2], [0, 1, 2]):
            with self.subTest(closed):
                self.assertEqual(self.code([*spy, "v.png"], env=environment, preexec_fn=lambda: [os.close(i) for i in closed]), 0)
                self.assertTrue(self.content("v.png").startswith(b"\x89PNG"))
                self.assertTrue(self.content("v.png").endswith(b"IEND\xaeB`\x82"))

    def test_s6_what_cannot_be_printed_is_exit_2(self):
        for command in (["--version"], ["info", "--input", "3x3", "--kernel", "1,2;3,4"], ["build", "--input", "3x3", "--kernel", "box:3", "--out", "/dev/stdout"]):
            self.assertEqual(self.code(command, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.close(1)), 2)
        self.assertEqual(self.code(["apply", "--x", "/dev/stdin", "--kernel", "box:3", "--out", "z.npy"], stderr=subprocess.DEVNULL,
                                   preexec_fn=lambda: os.close(0)), 2)
        self.assertEqual(self.names(), ["y.npy"])


class TwoFiles(Case):
    """Both are there, or neither."""

    def test_s7_a_full_device_leaves_no_other_file(self):
        os.symlink("/dev/full", self.path("full.svg"))
        self.assertIn("full.svg: No space left on device", self.refused(*self.solve, "full.svg"))
        os.symlink("/dev/full", self.path("full.npy"))
        spectrum = ["spectrum", "--input", "5", "--kernel", "1,-1", "--boundary", "periodic", "--top", 2]
        self.refused(*spectrum, "--vectors", "v.npy", "--null-space", "full.npy")
        self.refused(*spectrum, "--vectors", "v.npy", "--plot", "full.svg")
        self.refused("solve", "--x", self.save("x5.npy", np.ones((1, 5, 5))), "--y", "y.npy", "--kernel-size", "3x3", "--out", "full.npy",
                     "--standard-errors", "e.npy")

    def test_s7_one_file_under_two_names_is_refused(self):
        os.symlink("x.npy", self.path("link.svg"))
        self.assertIn("link.svg: the same file as x.npy", self.refused(*self.solve, "link.svg"))

    def test_s7_a_second_name_that_fails_takes_the_first_back(self):
        for old in (None, "kept"):
            for name in ("x.npy", "l.svg") if old else ():
                self.write(name, old)
            before = self.names()
            with self.subTest(old):
                self.assertEqual(self.with_fault("linkat:2", *self.solve, "l.svg").returncode, 2)
                self.assertEqual(self.names(), before)
                for name in ("x.npy", "l.svg") if old else ():
                    self.assertEqual(self.content(name), b"kept")
        self.assertEqual(self.with_fault("renameat2:0", *self.solve, "l.svg").returncode, 0)  # a file system without it
        self.assertEqual(self.names(), before)
        np.load(self.path("x.npy"))


class Unfinished(Case):
    """Stopped between its two files, by a pipe that nobody reads."""

    def stopped(self, fault):
        os.mkfifo(self.path("pipe.svg"))
        process = subprocess.Popen([cli_support.PROGRAM, *self.solve, "pipe.svg"], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   env=faults_support.environment(CONVMAT_FAULT=fault))
        while not any("x.npy" in name or "#" in name or ".convmat-" in name for name in self.open_files(process)):
            self.assertIsNone(process.poll())
            time.sleep(0.005)
        return process

    def open_files(self, process):
        names = []
        folder = f"/proc/{process.pid}/fd"
        for descriptor in os.listdir(folder):
            try:
                names.append(os.path.relpath(os.readlink(os.path.join(folder, descriptor)), self.folder))
            except OSError:
                pass
        return [name for name in names if not name.startswith("..")]

    def test_s9_a_signal_leaves_nothing(self):
        for fault in ("none", "open:0"):  # without a name, and on a file system that has no such files
            for number in MAY_END + [signal.SIGKILL] * (fault == "none"):
                with self.subTest(fault=fault, signal=number):
                    process = self.stopped(fault)
                    process.send_signal(number)
                    self.assertEqual(process.wait(), -number)
                    self.assertEqual(self.names(), ["pipe.svg", "y.npy"])
                    os.remove(self.path("pipe.svg"))

    def test_s10_what_replaces_a_private_file_is_private_from_the_start(self):
        self.write("x.npy", "old")
        os.chmod(self.path("x.npy"), 0o640)
        process = self.stopped("open:0")
        (name,) = [name for name in self.names() if name.startswith(".convmat-")]
        self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600)
        process.terminate()
        process.wait()
        self.assertEqual(self.content("x.npy"), b"old")


class Disks(Case):
    def apply(self, fault):
        return self.with_fault(fault, "apply", "--x", "y.npy", "--kernel", "box:1", "--out", "x.npy")

    def test_s10_a_replaced_file_is_stored_first_and_keeps_its_permissions(self):
        self.write("x.npy", "old")
        os.chmod(self.path("x.npy"), 0o4751)
        for fault in ("fsync:1", "fchmod:1", "rename:1", "linkat:1"):
            with self.subTest(fault):
                self.assertEqual(self.apply(fault).returncode, 2)
                self.assertEqual((self.names(), self.content("x.npy")), (["x.npy", "y.npy"], b"old"))
        self.assertEqual(self.apply("none").returncode, 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("x.npy")).st_mode), 0o751)
        np.load(self.path("x.npy"))

    def test_s9_a_file_system_without_nameless_files_does_as_well(self):
        for mode in (None, 0o640):
            if mode:
                os.chmod(self.path("x.npy"), mode)
            self.assertEqual(self.apply("open:0").returncode, 0)
            self.assertEqual(self.names(), ["x.npy", "y.npy"])
            np.load(self.path("x.npy"))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("x.npy")).st_mode), 0o640)


class Layers(Case):
    def test_s11_each_file_that_is_no_layer_is_named_with_what_it_holds(self):
        for text, about in ((b'{"input": [3e999]}', "l.json: 3e999: expected numbers within double's range"),
                            (b'{"input": [-1e400]}', "l.json: -1e400: expected numbers within double's range"),
                            (b'\xff\xfe{\x00', "l.json: not JSON at byte "), (b'{"input\xff": [3]}', "l.json: not JSON at byte "),
                            (b"\x7fELF\x02\x01", "l.json: not JSON at byte 1"), (b"\x93NUMPY\x01", "l.json: not JSON at byte 1"),
                            (b" " * (1 << 21), "l.json: more than a MiB")):
            with self.subTest(text[:40]):
                with open(self.path("l.json"), "wb") as file:
                    file.write(text)
                line = self.refused("info", "--layer", "l.json")
                self.assertIn(about, line)
                self.assertNotIn("json.exception", line)
        self.assertIn("/dev/zero: more than a MiB", self.refused("info", "--layer", "/dev/zero"))
        self.assertIn("/proc/self/mem: expected a JSON file that can be read", self.refused("info", "--layer", "/proc/self/mem"))


if __name__ == "__main__":
    faults_support.main()
