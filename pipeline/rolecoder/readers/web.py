"""HTML: the words of the page in their paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.errors import RolecoderError
from rolecoder.readers.plain import decode
from rolecoder.readers.reading import Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

BLOCKS = frozenset("p div section article h1 h2 h3 h4 h5 h6 li blockquote pre tr table ul ol dl dt dd br hr body td".split())
SILENT = frozenset("script style noscript nav aside form head template svg iframe button".split())
DEEPEST = 500


def read_html(content: bytes) -> Sequence[Reading]:
    """Read a page: navigation, scripts and forms are left out.

    Raises:
        RolecoderError: It is nested too deeply or cannot be parsed.
    """
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8", remove_comments=True)
    text = decode(content)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, RecursionError) as cause:
        raise RolecoderError(f"not readable as HTML ({cause})") from cause
    return [Reading(raw=element_text(root), found=_found(root), where="page's own title and metadata")]


def element_text(root: _Element) -> str:
    """The words of an element; a blank line wherever a block begins or ends."""
    parts: list[str] = []
    _collect(root, parts, 0)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\0"))
    return "\n\n".join(line for line in lines if line)


def _collect(element: Any, parts: list[str], depth: int) -> None:
    if depth > DEEPEST:
        raise RolecoderError(f"the page is nested more than {DEEPEST} elements deep", mend="save it as plain text")
    tag = element.tag if isinstance(element.tag, str) else ""
    tag = tag.rsplit("}", 1)[-1].lower()
    block = "\0" if tag in BLOCKS else ""
    if tag and tag not in SILENT:
        parts += [block, element.text or ""]
        for child in element:
            _collect(child, parts, depth + 1)
        parts.append(block)
    parts.append(element.tail or "")


def _found(root: Any) -> dict[str, str]:
    return dict(_metadata(root))


def _metadata(root: Any) -> Iterator[tuple[str, str]]:
    title = root.findtext(".//title")
    if title and title.strip():
        yield "title", " ".join(title.split())
    for name in ("date", "DC.date", "article:published_time"):
        for meta in root.iterfind(".//meta"):
            if name.lower() in (str(meta.get("name")).lower(), str(meta.get("property")).lower()):
                yield "date", str(meta.get("content") or "")[:10]
                return
