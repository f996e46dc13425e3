#!/usr/bin/python3
"""Turns a C++ notebook into a program, or compares what that program prints with the notebook's saved outputs.

    nb2cpp.py NOTEBOOK > PROGRAM.cpp
    nb2cpp.py --compare PROGRAM NOTEBOOK       exit status 1 and a diff when a cell's text differs

Preprocessor lines and definitions (of types, templates, functions, constexpr; using) go to file scope, statements into
main, in their order. With the environment variable NB_MARKS the program prints a mark before each cell, so that the
texts can be compared cell by cell. Needs no package of Jupyter.
"""
import argparse
import difflib
import json
import os
import re
import subprocess
import sys

TOKEN = re.compile(r"""//[^\n]* | /\*.*?\*/ | R"(\w*)\(.*?\)\1" | "(?:\\.|[^"\\])*" | \d[\d']* | '(?:\\.|[^'\\])+'
                       | ^[ \t]*\#(?:\\\n|[^\n])*\n? | .""", re.S | re.X | re.M)
DEFINITION = re.compile(r"""
    (template|struct|class|enum|union|namespace|using|typedef|inline|static|constexpr|extern|concept)\b |
    (?!(for|if|else|while|switch|do|try|catch|return)\b)
    [\w:<>,&*\s]+ (operator\s*\S+?)? \([^;{}]*\)\s* ((const|noexcept)\s*)* (->[\w:<>,&*\s]+)? \{""", re.X)
MARK = "\x1e"
PRELUDE = r"""#define NB_PROGRAM
#include <cstdlib>
#include <iostream>
static void nb_cell(int number) {
    if (std::getenv("NB_MARKS")) std::cout << "\x1e" << number << '\n' << std::flush;
}"""


def pieces(code):
    """Pairs of a line number and the text of what stands there at the top level: a statement, a definition, a #line."""
    depth, start, texts = 0, 0, list(TOKEN.finditer(code))
    for position, token in enumerate(texts):
        text = token[0]
        depth += (text in "({[") - (text in ")}]")
        after = re.match(r"\s*;", code[token.end():])
        ends = text.lstrip().startswith("#") or text == ";" or (text == "}" and not after)
        if depth == 0 and (ends or position + 1 == len(texts)):
            text = code[start:token.end()]
            if text.strip():
                yield code.count("\n", 0, start + len(text) - len(text.lstrip())) + 1, text.strip()
            start = token.end()


def without_comments(code):
    """The code itself."""
    return "".join(token[0] for token in TOKEN.finditer(code) if not token[0].startswith(("//", "/*"))).strip()


def program(notebook, name):
    """The program's text."""
    top, body, number = [PRELUDE], [], 0
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not source.strip():
            continue
        number += 1
        if "raises-exception" in cell["metadata"].get("tags", []):
            continue
        body.append(f"nb_cell({number});")
        for line, text in pieces(source):
            bare, where = without_comments(text), f'#line {line} "{name} In [{number}]"\n'
            if bare.startswith("#") or DEFINITION.match(bare):
                top.append(where + text)
            elif bare:  # an expression without a semicolon is a statement too
                body.append(where + text + ("" if bare[-1] in ";}" else ";"))
    return "\n".join([*top, "int main() {", *body, "}", ""])


def saved_texts(notebook):
    """The text that each code cell printed; None for one that is not compared."""
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
            continue
        if {"nbval-ignore-output", "raises-exception"} & set(cell["metadata"].get("tags", [])):
            yield cell, None
            continue
        texts = ["".join(output["text"]) if output["output_type"] == "stream"
                 else "".join(output["data"].get("text/plain", "")) + "\n"
                 for output in cell["outputs"] if output.get("name") != "stderr"]
        yield cell, "".join(texts)


def printed_texts(executable, folder):
    """What the program printed, by the number of the cell; and its exit status."""
    done = subprocess.run([os.path.abspath(executable)], cwd=folder, env={**os.environ, "NB_MARKS": "1"},
                          stdout=subprocess.PIPE, check=False)
    parts = done.stdout.decode(errors="replace").split(MARK)[1:]
    return {int(number): text for number, _, text in (part.partition("\n") for part in parts)}, done.returncode


def compare(executable, path):
    """Prints the cells whose text differs; returns whether none does."""
    with open(path, encoding="utf-8") as file:
        notebook = json.load(file)
    printed, status = printed_texts(executable, os.path.dirname(os.path.abspath(path)))
    wrong = [f"{path}: the program ended with status {status} in In [{max(printed, default=0)}]"] if status else []
    for number, (cell, saved) in enumerate(saved_texts(notebook), 1):
        if saved is None or saved == printed.get(number):
            continue
        first = "".join(cell["source"]).strip().splitlines()[0]
        diff = difflib.unified_diff(saved.split("\n"), printed.get(number, "").split("\n"), "notebook", "program",
                                    lineterm="", n=1)
        wrong.append("\n  ".join([f"{path} In [{number}] `{first}` prints another text as a program:", *diff]))
    print("\n".join(wrong or [f"ok {path}"]))
    return not wrong


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Turns a C++ notebook into a program.")
    parser.add_argument("--compare", metavar="PROGRAM", help="run it and compare its text with the saved outputs")
    parser.add_argument("notebook", metavar="NOTEBOOK")
    args = parser.parse_args()
    if args.compare:
        return 0 if compare(args.compare, args.notebook) else 1
    with open(args.notebook, encoding="utf-8") as file:
        sys.stdout.write(program(json.load(file), os.path.basename(args.notebook)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
