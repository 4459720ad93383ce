"""How a model is learnt: folds, regressions, encoders, calibration, and the card that tells of it."""
