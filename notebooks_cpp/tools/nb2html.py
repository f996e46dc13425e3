#!/usr/bin/python3
"""Writes C++ notebooks as HTML pages that need no script and no network, with an index.

    nb2html.py --out FOLDER [--pictures PAGE.md] NOTEBOOK...

A notebook becomes markdown, with its outputs as raw HTML, and pandoc makes one page of it by page.html; formulas become
MathML. Pictures are the SVG that the kernel keeps in an output's metadata: it follows light and dark. Cells with the tag
fold or answers are folded. The index lists the titles with each notebook's opening question (the first bold paragraph
that asks one, or else the first paragraph) and the picture of the cell with the tag thumbnail. A page of pictures, in
markdown, may go with them; its pictures become part of it.
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
    if "svg" in output["metadata"]:
        return picture("image/svg+xml", "".join(output["metadata"]["svg"]), text)
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


def has_tag(cell, *tags):
    """Whether a cell has one of the tags."""
    return bool(set(tags) & set(cell["metadata"].get("tags", [])))


def folded(block, source):
    """A block of code behind what it is: its first comment, or that it includes headers."""
    comment = re.match(r"/+ *(.*)", source)
    summary = comment[1] if comment else "Setup: the headers" if "#include" in source else "Code"
    return f"<details class=\"code\"><summary>{html.escape(summary)}</summary>\n\n{block}\n\n</details>"


def cell_markdown(cell):
    """One cell as markdown."""
    source = "".join(cell["source"]).strip("\n")
    if cell["cell_type"] != "code":
        return source
    blocks = [fenced(source, "{.cpp}")] if source.strip() else []
    if blocks and has_tag(cell, "fold", "answers"):
        blocks = [folded(blocks[0], source)]
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


def merged(cells):
    """The cells; folded ones without outputs that follow each other are one."""
    result = []
    for cell in cells:
        plain_fold = cell["cell_type"] == "code" and has_tag(cell, "fold") and not cell["outputs"]
        if plain_fold and result and result[-1].get("is_fold"):
            result[-1]["source"] += ["\n\n", *cell["source"]]
        else:
            result.append({**cell, "source": [*cell["source"]], "is_fold": plain_fold})
    return result


def thumbnail(cells):
    """The picture that stands for a notebook: of the cell with the tag thumbnail, or the first; or nothing."""
    pictures = [("".join(output["metadata"]["svg"]), has_tag(cell, "thumbnail")) for cell in cells
                for output in cell.get("outputs", []) if "svg" in output.get("metadata", {})]
    return max(pictures, key=lambda entry: entry[1])[0] if pictures else None


class Page:
    """A notebook and what the index says of it."""

    def __init__(self, path, out):
        with open(path, encoding="utf-8") as file:
            cells = merged(json.load(file)["cells"])
        folder = os.path.dirname(os.path.abspath(path))
        self.file = os.path.splitext(os.path.basename(path))[0] + ".html"
        self.markdown = "\n\n".join(moved_links(cell_markdown(cell), folder, out) if cell["cell_type"] == "markdown"
                                    else cell_markdown(cell) for cell in cells)
        self.thumbnail = thumbnail(cells)
        blocks = [block.strip() for block in re.split(r"\n\s*\n", self.markdown)]
        self.title = next((block[2:].splitlines()[0].strip() for block in blocks if block.startswith("# ")), self.file)
        paragraphs = [block for block in blocks if block and not re.match(r"[#`<|-]|\* ", block)]
        asked = [block for block in paragraphs if re.match(r"\*\*(?!Your turn)", block) and "?" in block]
        self.question = (asked or paragraphs or [""])[0].replace("**", "")


def with_pictures(path):
    """The markdown of a page of SVG pictures, which are put into it; and the first of them."""
    pictures = []

    def embedded(match):
        with open(os.path.join(os.path.dirname(path), match[2]), encoding="utf-8") as file:
            pictures.append(file.read())
        return picture("image/svg+xml", pictures[-1], match[1])
    with open(path, encoding="utf-8") as file:
        return re.sub(r"!\[(.*?)\]\((.*?\.svg)\)", embedded, file.read()), *pictures[:1]


def write(path, markdown, title, **variables):
    """Has pandoc write a page."""
    settings = [f"--metadata={name}={value}" for name, value in {"pagetitle": title, **variables}.items() if value]
    subprocess.run(["pandoc", "--standalone", "--mathml", "--from=commonmark_x-smart", "--to=html5", "--wrap=none",
                    f"--template={TOOLS}/page.html", *settings, f"--output={path}"],
                   input=markdown.encode(), check=True)


def entry(title, page, words, svg):
    """What the index says of a page."""
    shown_at_left = f'<a class="thumbnail" href="{page}">{picture("image/svg+xml", svg, "")}</a>' if svg else ""
    return f'<div class="entry">\n{shown_at_left}\n<div>\n\n## [{title}]({page})\n\n{words}\n\n</div>\n</div>'


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
    entries = [entry(page.title, page.file, page.question, page.thumbnail) for page in pages]
    if args.pictures:
        markdown, *first = with_pictures(args.pictures)
        write(os.path.join(out, "pictures.html"), markdown, "convmat: pictures", index="index.html")
        words = "Matrices, windows, stamps, boundaries: what `convmat spy` draws."
        entries.append(entry("Pictures", "pictures.html", words, *(first or [None])))
    write(os.path.join(out, "index.html"), "\n\n".join(["# A convolution is a sparse matrix: C++ notebooks", *entries]),
          "convmat: C++ notebooks")
    print(f"{len(pages)} notebooks: {os.path.join(out, 'index.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
