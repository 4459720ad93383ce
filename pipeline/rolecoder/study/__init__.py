"""What a study may say, part by part."""
