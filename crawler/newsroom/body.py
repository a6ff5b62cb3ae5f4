"""An article's Markdown as a list of HTML blocks, so that page designs can put boxes between them."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

# Article texts have no links or pictures, so none can lead out of the sample newsroom.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(
    ["link", "image", "autolink", "reference", "html_inline", "html_block", "code", "fence"]
)


def body_blocks(markdown: str) -> tuple[Markup, ...]:
    """Each top-level block (paragraph, subheading, quotation, list) as safe HTML, in order."""
    tokens = _MARKDOWN.parse(markdown)
    blocks: list[Markup] = []
    start = 0
    for position, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            html = _MARKDOWN.renderer.render(tokens[start : position + 1], _MARKDOWN.options, {})
            blocks.append(Markup(html.strip()))
            start = position + 1
    return tuple(blocks)
