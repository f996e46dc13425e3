#!/usr/bin/python3
"""Writes C++ notebooks as HTML pages that need no script and no network, with an index.

    nb2html.py --out FOLDER [--pictures PAGE.md] NOTEBOOK...

A notebook becomes markdown, with its outputs as raw HTML, and pandoc makes one page of it by page.html; formulas become
MathML. The index lists the titles with each notebook's opening question: the first bold paragraph that asks one, or else
the first paragraph. A page of pictures, in markdown, may go with them; its pictures become part of it.
"""
import argparse
import base64
import html
import json
import os
import re
import subprocess
import sys

TOOLS = os.path.dirname(os.path.abspath(__file__))
LINK = re.compile(r"(?<=\]\()(?!\w+:|#|/)([^)\s]+)")


def picture(kind, data, text):
    """A picture as an element that holds its data."""
    if kind == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    return f'<img src="data:{kind};base64,{"".join(data.split())}" alt="{html.escape(text)}">'


def shown(output):
    """The HTML of one output."""
    if output["output_type"] == "stream":
        return f'<pre class="{output["name"]}">{html.escape("".join(output["text"]))}</pre>'
    if output["output_type"] == "error":
        return f'<pre class="stderr">{html.escape(chr(10).join(output["traceback"]))}</pre>'
    data = {kind: "".join(value) for kind, value in output["data"].items()}
    if "text/html" in data:
        return data["text/html"]
    text = data.get("text/plain", "")
    for kind in ("image/png", "image/svg+xml"):
        if kind in data:
            width = output["metadata"].get(kind, {}).get("width")
            size = f' width="{width}"' if width else ""
            return picture(kind, data[kind], text).replace("<img", f"<img{size}")
    return f"<pre>{html.escape(text)}</pre>"


def fenced(text, attribute):
    """A fenced block, whatever stands in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {attribute}\n{text}\n{fence}"


def cell_markdown(cell):
    """One cell as markdown."""
    source = "".join(cell["source"]).strip("\n")
    if cell["cell_type"] != "code":
        return source
    blocks = [fenced(source, "{.cpp}")] if source.strip() else []
    if cell["outputs"]:
        outputs = "\n".join(f'<div class="output">{shown(output)}</div>' for output in cell["outputs"])
        blocks.append(fenced(outputs, "{=html}"))
    return "\n\n".join(blocks)


def moved_links(markdown, source, out):
    """Links to notebooks lead to their pages; other relative ones lead from the page to where they led before."""
    def moved(match):
        path, hash_sign, part = match[1].partition("#")
        if path.endswith(".ipynb") and "/" not in path:
            return path[:-len("ipynb")] + "html" + hash_sign + part
        return os.path.relpath(os.path.join(source, path), out) + hash_sign + part
    return LINK.sub(moved, markdown)


class Page:
    """A notebook and what the index says of it."""

    def __init__(self, path, out):
        with open(path, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
        folder = os.path.dirname(os.path.abspath(path))
        self.file = os.path.splitext(os.path.basename(path))[0] + ".html"
        self.markdown = "\n\n".join(moved_links(cell_markdown(cell), folder, out) if cell["cell_type"] == "markdown"
                                    else cell_markdown(cell) for cell in cells)
        blocks = [block.strip() for block in re.split(r"\n\s*\n", self.markdown)]
        self.title = next((block[2:].splitlines()[0].strip() for block in blocks if block.startswith("# ")), self.file)
        paragraphs = [block for block in blocks if block and not re.match(r"[#`<|-]|\* ", block)]
        asked = [block for block in paragraphs if block.startswith("**") and "?" in block]
        self.question = (asked or paragraphs or [""])[0].replace("**", "")


def with_pictures(path):
    """The markdown of a page of SVG pictures, which are put into it."""
    def embedded(match):
        with open(os.path.join(os.path.dirname(path), match[2]), encoding="utf-8") as file:
            return picture("image/svg+xml", file.read(), match[1])
    with open(path, encoding="utf-8") as file:
        return re.sub(r"!\[(.*?)\]\((.*?\.svg)\)", embedded, file.read())


def write(path, markdown, title, **variables):
    """Has pandoc write a page."""
    settings = [f"--metadata={name}={value}" for name, value in {"pagetitle": title, **variables}.items() if value]
    subprocess.run(["pandoc", "--standalone", "--mathml", "--from=commonmark_x-smart", "--to=html5", "--wrap=none",
                    f"--template={TOOLS}/page.html", *settings, f"--output={path}"],
                   input=markdown.encode(), check=True)


def plain(title):
    """A title without markdown's signs."""
    return re.sub(r"[`*$\\]", "", title)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Writes C++ notebooks as HTML pages with an index.")
    parser.add_argument("--out", required=True, metavar="FOLDER")
    parser.add_argument("--pictures", metavar="PAGE.md", help="a page of SVG pictures")
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK")
    args = parser.parse_args()
    out = os.path.abspath(args.out)
    os.makedirs(out, exist_ok=True)
    pages = [Page(path, out) for path in sorted(args.notebooks)]
    for before, page, after in zip([None, *pages], pages, [*pages[1:], None]):
        write(os.path.join(out, page.file), page.markdown, plain(page.title), index="index.html",
              before=before and before.file, before_title=before and plain(before.title),
              after=after and after.file, after_title=after and plain(after.title))
    entries = [f"## [{page.title}]({page.file})\n\n{page.question}" for page in pages]
    if args.pictures:
        write(os.path.join(out, "pictures.html"), with_pictures(args.pictures), "convmat: pictures", index="index.html")
        entries.append("## [Pictures](pictures.html)\n\nMatrices, windows, stamps, boundaries: what `convmat spy` draws.")
    write(os.path.join(out, "index.html"), "\n\n".join(["# A convolution is a sparse matrix: C++ notebooks", *entries]),
          "convmat: C++ notebooks")
    print(f"{len(pages)} notebooks: {os.path.join(out, 'index.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
