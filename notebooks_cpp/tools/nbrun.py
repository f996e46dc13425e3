#!/usr/bin/python3
"""Runs C++ notebooks and compares their outputs with the saved ones, or saves the new ones.

    nbrun.py [--update] [--limit SECONDS] NOTEBOOK...

Exit status 1: a cell failed, an output differs, a folded answer is not computed, or a file is not as --update writes it.
A cell with the tag nbval-ignore-output is run but not compared; a cell with the tag raises-exception must fail. What
stands in bold in a folded answer (<details>) must be printed by a cell with the tag answers.
"""
import argparse
import copy
import difflib
import hashlib
import os
import re
import sys
import time

TOOLS = os.path.dirname(os.path.abspath(__file__))
os.environ["JUPYTER_PATH"] = TOOLS  # the kernel beside this file

import nbformat  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402

IGNORED, RAISES, FOLD, ANSWERS = "nbval-ignore-output", "raises-exception", "fold", "answers"
KERNEL = {"display_name": "C++20", "language": "cpp", "name": "xcpp20"}
LANGUAGE = {"codemirror_mode": "text/x-c++src", "file_extension": ".cpp", "mimetype": "text/x-c++src", "name": "C++"}


def has_tag(cell, tag):
    """Whether a cell has a tag."""
    return tag in cell.metadata.get("tags", [])


def is_code(cell):
    """Whether a cell is one that runs."""
    return cell.cell_type == "code" and bool(cell.source.strip())


def metadata(tags):
    """The metadata of a cell: JupyterLab folds what is tagged so."""
    folded = {"jupyter": {"source_hidden": True}} if {FOLD, ANSWERS} & set(tags) else {}
    return {**folded, **({"tags": tags} if tags else {})}


def joined(outputs):
    """The outputs with the pieces of one stream joined."""
    result = []
    for output in copy.deepcopy(outputs):
        if output.output_type == "stream" and result and result[-1].get("name") == output.name:
            result[-1].text += output.text
        else:
            result.append(output)
    return result


def normal(notebook):
    """The notebook as it is saved: the same bytes whenever its sources and outputs are the same."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    count, ids = 0, set()
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(metadata(cell.metadata.get("tags", [])))
        number, digest = 0, ""
        while not digest or digest in ids:  # equal cells get different ids
            digest, number = hashlib.sha256(f"{number} {cell.source}".encode()).hexdigest()[:8], number + 1
        ids.add(digest)
        cell["id"] = digest
        if cell.cell_type == "code":
            count += is_code(cell)
            cell.execution_count = count if is_code(cell) else None
            cell.outputs = joined(cell.outputs)
    return notebook


def file_text(notebook):
    """The text of a notebook's file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def digest_of(text):
    """What stands for a text that is too long to show."""
    return hashlib.sha256(text.encode()).hexdigest()


def lines(outputs):
    """The lines of a cell's outputs that are compared."""
    for output in joined(outputs):
        if output.output_type == "stream":
            yield from (f"{output.name}: {line}" for line in output.text.split("\n"))
        elif output.output_type == "error":
            yield f"error {output.ename}: {output.evalue}"
        else:
            svg = digest_of("".join(output.metadata.get("svg", "")))
            for kind, data in sorted(output.data.items()):
                if kind == "image/png":  # one made from SVG depends on the fonts
                    yield f"svg: sha256 {svg}" if "svg" in output.metadata else f"{kind}: sha256 {digest_of(data)}"
                else:
                    yield from (f"{kind}: {line}" for line in data.split("\n"))


def difference(saved, now):
    """A readable diff of a cell's outputs; empty when they are equal."""
    diff = difflib.unified_diff([*lines(saved)], [*lines(now)], "saved", "now", lineterm="", n=1)
    return "\n".join("  " + (line if len(line) < 160 else line[:160] + "…") for line in diff)


def keep_pictures(saved, now):
    """Puts the saved PNG in the place of a new one of the same SVG: on another computer its bytes may differ."""
    def pictures(notebook):
        return (("".join(output.metadata["svg"]), output) for cell in notebook.cells if cell.cell_type == "code"
                for output in cell.outputs if "svg" in output.get("metadata", {}))
    old = dict(pictures(saved))
    for svg, output in pictures(now):
        if svg in old:
            output.data["image/png"] = old[svg].data["image/png"]


def uncomputed(notebook):
    """What stands in bold in the folded answers and is printed by no cell with the tag answers."""
    printed = "".join("".join(output.get("text", "")) for cell in notebook.cells
                      if cell.cell_type == "code" and has_tag(cell, ANSWERS) for output in cell.outputs)
    folded = (text for cell in notebook.cells if cell.cell_type == "markdown"
              for text in re.findall(r"<details>.*?</details>", cell.source, re.S))
    for text in folded:
        for bold in re.findall(r"\*\*(.+?)\*\*", text, re.S) or [text]:
            if bold not in printed:
                yield bold


def run_cell(client, cell, index, seconds):
    """Runs one cell; returns what is wrong with it, or None."""
    client.timeout = max(1, int(seconds))
    try:
        client.execute_cell(cell, index)
    except CellExecutionError:
        error = next(output for output in cell.outputs if output.output_type == "error")
        return f"failed: {error.ename}: {error.evalue}\n" + "\n".join("  " + line for line in error.traceback)
    except CellTimeoutError:
        return "was not done when the notebook's time limit was over"
    except DeadKernelError:
        return "ended the kernel"
    if has_tag(cell, RAISES) and all(output.output_type != "error" for output in cell.outputs):
        return f"has the tag {RAISES} but did not fail"
    return None


def compare(saved, now):
    """What is wrong with a cell's saved outputs, or None."""
    if has_tag(saved, IGNORED):
        if bool(saved.outputs) == bool(now.outputs):
            return None
        return "has " + ("a saved output but none now" if saved.outputs else "an output now but none saved")
    diff = difference(saved.outputs, now.outputs)
    return f"has another output than the saved one:\n{diff}" if diff else None


def execute(notebook, folder, limit, saved):
    """Runs the cells in place; yields pairs of an In number and what is wrong. With `saved`, outputs are compared."""
    client = NotebookClient(notebook, kernel_name=KERNEL["name"], record_timing=False,
                            resources={"metadata": {"path": folder}})
    end, count = time.monotonic() + limit, 0
    goes_on = any(has_tag(cell, RAISES) for cell in notebook.cells)  # after a failed cell
    with client.setup_kernel(env={**os.environ, "CPP_KERNEL_CHECK": "1" if goes_on else "0"}):
        for index, cell in enumerate(notebook.cells):
            if not is_code(cell):
                continue
            count += 1
            if wrong := run_cell(client, cell, index, end - time.monotonic()):
                yield count, cell, wrong
                return  # what follows depends on it
            if saved and (wrong := compare(saved.cells[index], cell)):
                yield count, cell, wrong


def run(path, update, limit):
    """Runs one notebook; prints what is wrong and returns whether nothing is."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    saved = nbformat.reads(text, as_version=4)
    now, start = normal(saved), time.monotonic()
    wrong = [f"{path} In [{number}] `{cell.source.strip().splitlines()[0]}` {problem}" for number, cell, problem
             in execute(now, os.path.dirname(os.path.abspath(path)), limit, None if update else saved)]
    wrong = wrong or [f"{path}: no cell with the tag {ANSWERS} prints the folded answer '{bold}'"
                      for bold in uncomputed(now)]
    if update and not wrong:
        keep_pictures(saved, now)
        with open(path, "w", encoding="utf-8") as file:
            file.write(file_text(normal(now)))
    elif not wrong and text != file_text(normal(saved)):
        wrong.append(f"{path} is not as nbrun.py --update writes it (metadata, cell ids or execution counts)")
    print("\n".join([f"{'FAILED' if wrong else 'ok'} {path} {time.monotonic() - start:.1f} s", *wrong]), flush=True)
    return not wrong


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Runs C++ notebooks and compares or saves their outputs.")
    parser.add_argument("--update", action="store_true", help="save the outputs instead of comparing them")
    parser.add_argument("--limit", type=float, default=300, metavar="SECONDS", help="for one notebook (default: 300)")
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK")
    args = parser.parse_args()
    return 0 if all([run(path, args.update, args.limit) for path in args.notebooks]) else 1


if __name__ == "__main__":
    sys.exit(main())
