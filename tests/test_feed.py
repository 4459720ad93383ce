"""The pages that document the feed and the settings."""

from pathlib import Path

from rolecoder.feed import feed_page
from rolecoder.settings import SETTINGS, settings_page

ROOT = Path(__file__).parent.parent


def test_the_page_of_the_feed_equals_the_declared_tables():
    assert (ROOT / "pipeline" / "FEED.md").read_text(encoding="utf-8") == feed_page()


def test_the_page_of_the_settings_equals_the_declared_settings_and_says_what_each_is():
    assert (ROOT / "pipeline" / "SETTINGS.md").read_text(encoding="utf-8") == settings_page()
    for _, part in SETTINGS:
        assert all(field.description for field in part.model_fields.values()), part
