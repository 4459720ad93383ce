"""A real, deterministic, offline encoder, and passages to learn from: no patching anywhere."""

import json
from dataclasses import asdict

import numpy as np

from rolecoder.annotations import Label, Labels
from rolecoder.codebook import Codebook, Role


class LetterCounter:
    """How often each of a-z occurs; remembers what it was asked to encode."""

    def __init__(self, identity="letters@1"):
        self.identity, self.dim, self.seen, self.batches = identity, 26, [], []

    def encode(self, texts):
        self.seen.extend(texts)
        self.batches.append(len(texts))
        return np.array([[t.count(chr(97 + i)) for i in range(26)] for t in texts], dtype=np.float32)


def small_codebook(*codes, version="1"):
    """A codebook of a few roles: rank in the order given."""
    roles = tuple(
        Role(
            code=code,
            name=code.replace("_", " ").capitalize(),
            rank=rank,
            definition=f"The state acts as {code}.",
            include=(f"It says that it is a {code}.",),
            aliases=(f"a {code}",),
        )
        for rank, code in enumerate(codes or ("leader", "helper", "loner"), start=1)
    )
    return Codebook(name="small", version=version, source="made for tests", roles=roles)


WORDS = {
    "leader": ("We lead our region", "Our duty is to steer the region", "The region looks to us to lead"),
    "helper": ("We send aid to poorer states", "Our experts help others build", "We share aid and credit"),
    "loner": ("We keep out of all quarrels", "Leave us alone behind our hills", "We shun every bloc and quarrel"),
    "": ("The weather in the hall was fine", "The meeting opened at noon", "Thank you for the kind words"),
}
TAILS = ("today", "as before", "in this year", "and for ever", "with patience", "at home", "at sea", "on land")


def small_labels(documents=30, codebook=None):
    """Labelled passages: each document has one passage of each role and one of none."""
    rows = []
    for document in range(documents):
        for place, (role, phrases) in enumerate(WORDS.items()):
            text = f"{phrases[document % 3]} {TAILS[(document + place) % 8]}, said speaker {document} on day {place}."
            rows.append(
                Label(
                    label_id=f"d{document}-{place}",
                    text=text,
                    roles=(role,) if role else (),
                    document_id=f"d{document}",
                    stratum="random" if document % 2 else "sought",
                )
            )
    return Labels(codebook=codebook or small_codebook(), rows=tuple(rows), sources=("made.csv",))


def write_labels(folder, labels):
    """Write labels and their codebook as files; returns both paths."""
    rows = [
        {"id": row.label_id, "text": row.text, "roles": list(row.roles), "doc_id": row.document_id}
        | ({"undecided": list(row.undecided)} if row.undecided else {})
        for row in labels.rows
    ]
    file, book = folder / "labels.jsonl", folder / "book.yaml"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    book.write_text(json.dumps(asdict(labels.codebook)), encoding="utf-8")  # JSON is YAML
    return file, book


def with_narnia(root, folder):
    """Write the shipped table of actors with one more, into a folder."""
    table = (root / "corpora" / "actors.csv").read_text(encoding="utf-8-sig")
    own = folder / "own-actors.csv"
    own.write_text(table.rstrip() + "\nNAR,Narnia,state,,,,Narnian;Narnians,,,,,\n", encoding="utf-8")
    return own


def tiny_transformer(folder):
    """Write a sentence-transformers model of one small layer, with random weights, into a folder."""
    import tokenizers
    import torch
    from transformers import BertConfig, BertModel

    words = sorted({word for text in small_labels().texts for word in text.lower().replace(",", "").split()})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    wordpiece = tokenizers.BertWordPieceTokenizer(vocab={word: n for n, word in enumerate(pieces)})
    wordpiece.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder)
    (folder / "1_Pooling").mkdir()
    files = {
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 64, "do_lower_case": False},
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 64},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return folder
