"""The page that documents the feed."""

from pathlib import Path

from rolecoder.feed import FED, feed_page

ROOT = Path(__file__).parent.parent


def test_the_page_of_the_feed_equals_the_declared_tables():
    assert (ROOT / "pipeline" / "FEED.md").read_text(encoding="utf-8") == feed_page()


def test_every_column_of_the_feed_stands_on_its_page():
    lines = feed_page().splitlines()
    for table in FED:
        assert f"## {table.name}.parquet" in lines
        for name in table.columns:
            assert any(line.startswith(f"| `{name}` |") for line in lines)
