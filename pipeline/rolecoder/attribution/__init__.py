"""What attribution rests on: who is named, cues of holder and aspect, and the weight of each cue."""
