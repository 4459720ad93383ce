"""Folds for cross-validation: no document, and no text, stands in two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


NO_FOLD = -1  # of a passage that is never held out: all folds learn from it


def grouped_folds(
    documents: Sequence[str], texts: Sequence[str], truth: NDArray[np.int8], *, folds: int, seed: int
) -> NDArray[np.int64]:
    """Spread documents over folds so that each fold gets its part of every role.

    Documents that share a text, white space aside, stay together.  The groups with the rarest roles are
    placed first, each where it evens out the roles best (after Sechidis et al. 2011, ECML PKDD).

    Args:
        documents: The document of each passage.
        texts: The text of each passage.
        truth: 1 where a passage carries a role; shape (n, n_roles).
        folds: Their number.
        seed: Decides between groups that weigh the same.

    Returns:
        The fold of each passage, 0 to ``folds`` - 1; shape (n,).

    Raises:
        RolecoderError: There are fewer groups than folds.
    """
    import numpy as np

    groups = separate(documents, texts, folds)
    count = int(groups.max()) + 1
    load = np.zeros((count, truth.shape[1] + 1))
    np.add.at(load, groups, np.column_stack([truth, np.ones(len(groups))]))
    load /= np.maximum(load.sum(axis=0), 1)
    order = np.random.default_rng(seed).permutation(count)
    order = order[np.argsort(-load[order].sum(axis=1), kind="stable")]
    filled = np.zeros((folds, load.shape[1]))
    fold_of = np.empty(count, dtype=np.int64)
    for group in order:
        cost = (2 * filled + load[group]) @ load[group]  # growth of the sum of squares: least where it is emptiest
        fold_of[group] = int(np.argmin(cost))
        filled[fold_of[group]] += load[group]
    return fold_of[groups]


def separate(documents: Sequence[str], texts: Sequence[str], folds: int) -> NDArray[np.int64]:
    """Number the groups of passages that are linked by a document or by a text.

    Raises:
        RolecoderError: There are fewer groups than folds.
    """
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(documents)
    names = [f"d{document}" for document in documents] + [f"t{' '.join(text.split())}" for text in texts]
    nodes = np.unique(names, return_inverse=True)[1]
    edges = coo_matrix((np.ones(n), (nodes[:n], nodes[n:])), shape=(nodes.max() + 1, nodes.max() + 1))
    parts = connected_components(edges, directed=False)[1]
    groups = np.unique(parts[nodes[:n]], return_inverse=True)[1].astype(np.int64)
    if (count := int(groups.max(initial=-1)) + 1) < folds:
        raise RolecoderError(
            f"{count} separate documents",
            expected=f"at least {folds}: as many as folds",
            mend="label passages of more documents",
        )
    return groups
