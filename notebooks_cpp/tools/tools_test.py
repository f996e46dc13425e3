#!/usr/bin/python3
"""Tests of the notebooks' tools: the kernel, nbrun.py, nb2cpp.py and nb2html.py, on small notebooks made here.

    tools_test.py [UNITTEST OPTIONS]        needs g++ and the packages of scripts/install_dependencies notebooks
"""
import base64
import contextlib
import io
import os
import queue
import subprocess
import sys
import tempfile
import time
import unittest

TOOLS = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, TOOLS)
import nb2cpp  # noqa: E402
import nbrun  # noqa: E402 (it sets JUPYTER_PATH)
import nbformat  # noqa: E402
from jupyter_client.manager import start_new_kernel  # noqa: E402
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: E402

SVG = r'<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><circle cx=\"9\" cy=\"9\" r=\"5\"/></svg>'


def notebook(*cells):
    """A notebook of code cells: a source, or a source and a tag."""
    made = [new_code_cell(cell) if isinstance(cell, str) else new_code_cell(cell[0], metadata={"tags": [cell[1]]})
            for cell in cells]
    return new_notebook(cells=[new_markdown_cell("# A title\n\nA question?"), *made])


class InFolder(unittest.TestCase):
    """Each test has a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "small.ipynb")

    def write(self, *cells):
        """Writes the notebook as nbrun.py would, without outputs."""
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(nbrun.file_text(nbrun.normal(notebook(*cells))))

    def run_it(self, update=False, limit=120):
        """Whether nbrun.py is content, and what it printed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            content = nbrun.run(self.path, update, limit)
        return content, printed.getvalue()

    def refused(self, *parts, **options):
        """nbrun.py must fail and say each of the parts."""
        content, printed = self.run_it(**options)
        self.assertFalse(content, printed)
        for part in parts:
            self.assertIn(part, printed)

    def accepted(self, **options):
        """nbrun.py must be content."""
        content, printed = self.run_it(**options)
        self.assertTrue(content, printed)

    def text(self):
        """The notebook file's text."""
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def replace(self, old, new):
        """Changes the notebook's file."""
        before = self.text()
        self.assertIn(old, before)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(before.replace(old, new))


class RunAndCompare(InFolder):
    """nbrun.py"""

    def test_update_then_compare_and_the_same_bytes(self):
        self.write("#include <iostream>\nint n = 6;", "", 'std::cout << n * 7 << "\\n" << "next\\n";')
        self.refused("In [2] `std::cout << n", "+stdout: 42")
        self.accepted(update=True)
        once = self.text()
        self.accepted()
        self.accepted(update=True)
        self.assertEqual(once, self.text())

    def test_a_changed_saved_output(self):
        self.write('#include <cstdio>\nprintf("value %d\\n", 42);', ("printf(\"%p\", stdout);", nbrun.IGNORED))
        self.accepted(update=True)
        self.replace("value 42", "value 43")
        self.refused("In [1]", "-stdout: value 43", "+stdout: value 42")

    def test_an_output_that_is_saved_but_does_not_come(self):
        self.write("int n = 6;")
        self.accepted(update=True)
        self.replace('"outputs": []', '"outputs": [{"name": "stdout", "output_type": "stream", "text": ["6"]}]')
        self.refused("In [1] `int n = 6;`", "-stdout: 6")

    def test_an_ignored_cell_may_differ_but_not_be_without_output(self):
        self.write("#include <cstdio>\n#include <unistd.h>", ('printf("%d\\n", getpid());', nbrun.IGNORED))
        self.refused("In [2]", "an output now but none saved")
        self.accepted(update=True)
        self.accepted()

    def test_metadata_of_another_kernel(self):
        self.write("int n = 6;")
        self.replace('"name": "xcpp20"', '"name": "xcpp17"')
        self.refused("is not as nbrun.py --update writes it")

    def test_a_failing_cell_names_itself_and_nothing_is_saved(self):
        self.write("int n = 6;", "// the wrong one\nint m = nothing;", "int k = 7;")
        before = self.text()
        self.refused("small.ipynb In [2] `// the wrong one` failed", "undeclared identifier 'nothing'", "In_2:2:9",
                     update=True)
        self.assertEqual(before, self.text())

    def test_a_cell_that_is_not_complete_or_does_not_link(self):
        for cell in ("int f() { return 1;", "void nope();\nnope();", "#include <vector>\nint a = ;"):
            with self.subTest(cell):
                self.write("#include <iostream>", cell)
                self.refused("In [2]", update=True, limit=60)

    def test_a_cell_that_must_fail(self):
        self.write(("int m = nothing;", nbrun.RAISES), "int k = 7;")
        self.accepted(update=True)
        self.accepted()
        self.write(("int m = 5;", nbrun.RAISES))
        self.refused("In [1] `int m = 5;`", "did not fail")

    def test_the_time_limit(self):
        self.write("#include <unistd.h>\nsleep(60);")
        self.refused("In [1]", "time limit", limit=4)

    def test_a_picture_is_a_png_with_the_hash_of_its_svg(self):
        self.write('#include "nb.hpp"', f'nb::svg("{SVG}", "a disc");')
        self.accepted(update=True)
        data = nbformat.read(self.path, as_version=4).cells[2].outputs[0]
        self.assertEqual(sorted(data.data), ["image/png", "text/plain"])
        self.assertEqual("".join(data.metadata["svg"]), SVG.replace('\\"', '"'))
        self.replace(data.data["image/png"].strip(), "bytes of another computer")
        self.accepted()
        self.accepted(update=True)
        self.assertIn("bytes of another computer", self.text())
        self.replace('r=\\"5\\"', 'r=\\"6\\"')
        self.refused("-svg: sha256 ", "+svg: sha256 ")

    def test_what_is_bold_in_a_folded_answer_must_be_computed(self):
        folded = "<details><summary>Answer</summary>\n\n**6 by 7**, or **9**.\n\n</details>"
        with open(self.path, "w", encoding="utf-8") as file:
            made = new_notebook(cells=[new_markdown_cell(folded), new_code_cell(
                '#include <cstdio>\nprintf("%d by %d", 2 * 3, 7);', metadata={"tags": [nbrun.ANSWERS]})])
            file.write(nbrun.file_text(nbrun.normal(made)))
        self.refused("no cell with the tag answers prints the folded answer '9'", update=True)
        self.replace(", or **9**", "")
        self.accepted(update=True)
        self.assertIn('"source_hidden": true', self.text())
        self.accepted()

    def test_a_false_claim_fails(self):
        self.write('#include "nb.hpp"', 'nb::check(1 + 1 == 2, "sum");', 'nb::check(1 + 1 == 3, "odd sum");')
        self.refused("In [3]", "std::runtime_error: this does not hold: odd sum")

    def test_a_missing_library_is_named(self):
        self.write('#include "nb.hpp"\nsetenv("CONVMAT_LIBRARIES", "/nowhere", 1);\nnb::load();')
        self.refused("/nowhere/libconvmat.so", "scripts/notebooks")


class Session(unittest.TestCase):
    """The kernel, by Jupyter's protocol."""

    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="xcpp20")

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def run_cell(self, code, after_start=lambda: None):
        """What a cell wrote, and its error's name and text."""
        request, texts, error = self.client.execute(code), [], ("", "")
        after_start()
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                texts.append(content["text"])
            elif kind == "error":
                error = content["ename"], "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                return "".join(texts), error

    def lives(self):
        """A new cell works."""
        self.assertEqual(self.run_cell('#include <cstdio>\nprintf("alive");')[0], "alive")

    def test_a_compile_error_leaves_the_session_as_it_was(self):
        self.run_cell("#include <vector>\nint kept = 5;")
        name, text = self.run_cell("std::vector<int> v{1};\nint twice = kept;\nint wrong = unknown;")[1]
        self.assertEqual(name, "CompileError")
        self.assertIn("undeclared identifier 'unknown'", text)
        self.assertEqual(self.run_cell('std::vector<int> v{1};\nint twice = kept;\nprintf("%d", twice);')[0], "5")

    def test_a_function_without_body(self):
        name, text = self.run_cell("namespace convmat { void absent(); }\nconvmat::absent();")[1]
        self.assertEqual(name, "CompileError")
        self.assertIn("nb::load();", text)
        self.lives()

    def test_an_uncaught_exception(self):
        name, text = self.run_cell('#include <stdexcept>\nthrow std::range_error("too far");')[1]
        self.assertEqual(name, "std::range_error")
        self.assertIn("too far", text)
        self.assertIn("session has ended", text)
        self.lives()

    def test_a_failed_assertion_of_eigen(self):
        name, text = self.run_cell("#include <Eigen/Core>\nEigen::VectorXd(3) + Eigen::VectorXd(4);")[1]
        self.assertEqual(name, "Assertion")
        self.assertIn("rows() == ", text)
        self.lives()

    def test_an_interrupt(self):
        def interrupt():
            time.sleep(3)
            self.manager.interrupt_kernel()
        name, text = self.run_cell("for (;;) {}", interrupt)[1]
        self.assertEqual(name, "Interrupted")
        self.assertIn("the next cell starts a new one", text)
        self.lives()

    def test_a_constrained_template_of_a_library(self):
        declared = "template <class T> concept Number = sizeof(T) > 1;\ntemplate <Number T> T doubled(T x);\n"
        with tempfile.TemporaryDirectory() as folder:
            source = declared + ("template <Number T> T doubled(T x) { return x + x; }\n"
                                 "template int doubled<int>(int);\n")
            subprocess.run(["g++", "-std=c++20", "-shared", "-fPIC", "-x", "c++", "-", "-o", f"{folder}/lib.so"],
                           input=source.encode(), check=True)
            self.run_cell(f'#include <cstdio>\n#include <dlfcn.h>\ndlopen("{folder}/lib.so", RTLD_NOW | RTLD_GLOBAL);')
        self.assertEqual(self.run_cell(declared + 'printf("%d", doubled(21));'), ("42", ("", "")))

    def test_text_before_and_after_a_picture_in_one_piece(self):
        rich = r'\x1b_jupyter:{\"text/plain\":\"p\"}\x1b\\'
        whole = f'std::string("{"before " * 9}") + "{rich}" + "after " + "{rich}" + "end\\n"'
        self.run_cell("#include <string>\n#include <unistd.h>")
        text, error = self.run_cell(f"const std::string s = {whole};\nwrite(1, s.data(), s.size());")
        self.assertEqual((text, error), ("before " * 9 + "after end\n", ("", "")))

    def test_how_a_session_ended(self):
        self.run_cell("#include <csignal>\n#include <cstdlib>")
        self.assertIn("with exit status 3", self.run_cell("std::_Exit(3);")[1][1])
        self.assertIn("by SIGKILL", self.run_cell("#include <csignal>\nraise(SIGKILL);")[1][1])

    def test_a_long_line(self):
        text, error = self.run_cell('#include <string>\nconst std::string l(3000000, 120);\nputs((l + "é").c_str());')
        self.assertEqual((len(text), error), (3000002, ("", "")))

    def test_without_clang_repl(self):
        os.environ["CLANG_REPL"] = "/nowhere/clang-repl"
        self.addCleanup(os.environ.pop, "CLANG_REPL")
        manager, client = start_new_kernel(kernel_name="xcpp20")
        reply = client.execute_interactive("int n;", timeout=60, output_hook=lambda message: None)["content"]
        client.stop_channels()
        manager.shutdown_kernel()
        self.assertIn("clang-tools-22", reply["evalue"])


class AsProgram(InFolder):
    """nb2cpp.py"""
    CELLS = ['#include "nb.hpp"\n#include <ctime>\nnb::load();',
             'constexpr int two = 2;\nstruct P { int x; }; // a type\n'
             'int twice(const P& p) {\n    for (;;) return two * p.x; /* ; */\n}',
             'using std::cout;\nconst P p{21};\nfor (int i : {1, 2}) { cout << i; }\n'
             'if (p.x) cout << "//;"[2] << twice(p) << \'\\n\';',
             'nb::table({"name", "n"}, {{"a", 1}, {"b<c", 10.5}});\nnb::show(Eigen::Matrix2d{{1, -0.0}, {0.25, 100}});',
             'Eigen::SparseMatrix<double> S(2, 30);\nS.insert(1, 2) = 7;\nnb::show(S);\nnb::run("echo shell");',
             f'nb::svg("{SVG}", "a disc");', ("cout << std::time(nullptr);", nbrun.IGNORED),
             ("int m = nothing;", nbrun.RAISES), 'cout << "the end\\n";']

    def compiled(self):
        """The notebook's program."""
        source, executable = self.path + ".cpp", self.path + ".out"
        with open(self.path, encoding="utf-8") as file:
            text = nb2cpp.program(nbformat.reads(file.read(), as_version=4), "small.ipynb")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["g++", "-std=c++20", f"-I{TOOLS}/..", f"-I{TOOLS}/kernels/xcpp20", f"-I{TOOLS}/../../include",
                        "-isystem", "/usr/include/eigen3", source, "-o", executable], check=True)
        return executable

    def test_it_prints_the_same_text(self):
        self.write(*self.CELLS)
        self.accepted(update=True)
        executable = self.compiled()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            content = nb2cpp.compare(executable, self.path)
        self.assertTrue(content, printed.getvalue())
        self.replace("12;42", "12;43")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.assertFalse(nb2cpp.compare(executable, self.path))
        self.assertIn("small.ipynb In [3] `using std::cout;`", printed.getvalue())
        self.assertIn("-12;43\n", printed.getvalue())
        self.assertIn("+12;42\n", printed.getvalue())

    def test_pieces(self):
        code = "// note\nint f() { return 1; }\nstruct A { int x; };\n\nauto v = A{1};\n#define B \\\n  2\nf()"
        self.assertEqual([*nb2cpp.pieces(code)], [(1, "// note\nint f() { return 1; }"), (3, "struct A { int x; };"),
                                                  (5, "auto v = A{1};"), (6, "#define B \\\n  2"), (8, "f()")])


class AsPages(InFolder):
    """nb2html.py"""

    def pages(self, *names):
        """Writes the notebook under several names, has pages made; returns the folder of the pages."""
        folder, out = os.path.dirname(self.path), os.path.join(os.path.dirname(self.path), "out")
        for name in names:
            with open(os.path.join(folder, name + ".ipynb"), "w", encoding="utf-8") as file:
                file.write(self.text())
        paths = [os.path.join(folder, name + ".ipynb") for name in names]
        subprocess.run([sys.executable, f"{TOOLS}/nb2html.py", "--out", out, *paths], check=True,
                       stdout=subprocess.DEVNULL)
        return out

    def read(self, *parts):
        """The text of a file."""
        with open(os.path.join(*parts), encoding="utf-8") as file:
            return file.read()

    def test_pictures_are_the_svg_and_thumbnails_too(self):
        self.write('#include "nb.hpp"', f'nb::svg("{SVG}", "a disc");',
                   (f'nb::svg("{SVG.replace("30", "31")}", "another");', "thumbnail"))
        self.accepted(update=True)
        out = self.pages("1")
        data = lambda svg: "data:image/svg+xml;base64," + base64.b64encode(svg.replace('\\"', '"').encode()).decode()
        page, index = self.read(out, "1.html"), self.read(out, "index.html")
        self.assertIn(f'src="{data(SVG)}"', page)
        self.assertNotIn("image/png", page)
        self.assertIn(f'<a class="thumbnail" href="1.html"><img src="{data(SVG.replace("30", "31"))}"', index)

    def test_folded_code_and_answers(self):
        self.write(("#include <cmath>", nbrun.FOLD), ("#include <vector>", nbrun.FOLD),
                   ("/// Twice n.\nint twice(int n) { return 2 * n; }", nbrun.FOLD), "int n = 6;")
        self.replace("A question?", "<details><summary>Answer</summary>\\n\\nIt is $x^2$.\\n\\n</details>")
        page = self.read(self.pages("1"), "1.html")
        self.assertEqual(page.count('<details class="code"><summary>Setup: the headers</summary>'), 1)
        self.assertEqual(page.count("</details>"), 2)
        self.assertLess(page.index("Twice n"), page.index("</details>", page.index("Setup")))
        self.assertRegex(page, r"(?s)<details>\s*<summary>\s*Answer\s*</summary>.*<math.*</details>")

    def test_a_page_and_the_index(self):
        self.write('// ```\nint n = 6;', 'n = 7;')
        self.replace("A question?", "Before it.\\n\\n**Your turn.** What?\\n\\n**A question about $x^2$?** See [two](2.ipynb#part) and [that](../that.md).")
        self.replace('"outputs": []', '"outputs": [{"name": "stdout", "output_type": "stream", "text": ["1 < 2 $y$"]}]')
        out = self.pages("1", "2")
        with open(os.path.join(out, "1.html"), encoding="utf-8") as file:
            page = file.read()
        for part in ("<title>A title</title>", "<math", '<a href="2.html#part">', '<a href="../../that.md">',
                     "<pre class=\"stdout\">1 &lt; 2 $y$</pre>",
                     '<a href="2.html">A title →</a>', 'class="dv">6</span>'):
            self.assertIn(part, page)
        self.assertNotRegex(page, "<script|<link|https?://(?!www.w3.org)")
        with open(os.path.join(out, "index.html"), encoding="utf-8") as file:
            index = file.read()
        self.assertIn('<a href="1.html">A title</a>', index)
        self.assertIn("<p>A question about", index)
        self.assertNotIn("Before it", index)


class Opened(unittest.TestCase):
    """scripts/notebooks, with a cmake and a jupyter that only print what they are asked."""

    def test_n16_jupyter_runs_as_root_and_is_given_options(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("cmake", "jupyter"):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write('#!/bin/sh\necho "$(basename "$0") $*"\n')
                os.chmod(file.name, 0o755)
            script = os.path.join(TOOLS, "..", "..", "scripts", "notebooks")
            path = f"{folder}:{os.environ['PATH']}"
            ran = subprocess.run([script, "--", "--ip=0.0.0.0"], env={**os.environ, "PATH": path}, check=True, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            root = os.geteuid() == 0
            self.assertEqual(ran.stdout.splitlines()[-1], "jupyter notebook --notebook-dir=notebooks_cpp "
                             + ("--allow-root " if root else "") + "--ip=0.0.0.0")
            self.assertEqual("you are root" in ran.stderr, root)
            shown = subprocess.run([script, "--help"], stdout=subprocess.PIPE, check=True, text=True).stdout
            self.assertIn("Jupyter is told to run all the same", shown)
            self.assertNotIn("set -euo", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
