"""Pages of text: lines, furniture and paragraphs, put together into the text that is coded."""
