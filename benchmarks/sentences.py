"""Which splitter finds sentence ends best, and how fast: rules of our own, spaCy, syntok, pysbd, blingfire.

    python benchmarks/sentences.py

Quality is measured on invented sentences in the manner of the corpora (``|`` stands where a sentence
ends), speed on the UN speeches under ROLECODER_DATA.  A splitter that is not installed is left out.
"""

from __future__ import annotations

import os
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rolecoder.sentences import sentences

Splitter = Callable[[str], list[int]]  # where sentences end, the last one included

MARKED = """
Mr. President, my Government welcomes your election.| We pledge our help.
184. The peoples of the region have suffered enough.| 185. My country was the first to say so.| 186. We say it again.
The U.S. Government has told us of its view.| We do not share it.
He has lived in the U.S. since 1950.| His son went home.
The Soviet note, No. 14, reached us on Monday.| It changes nothing.
See paras. 12 and 13 of the report.| They speak for themselves.
The document (A/RES/2625, para. 4) is clear.| Nobody has withdrawn it.
Dr. A. B. Walder spoke for the delegation of Ruritania.| Gen. Hartog listened.
Messrs. Adams and Bell left at 5 p.m. on Friday.| The talks went on.
They left at 5 p.m.| The talks went on.
We sent food, medicine, etc. to the camps.| Others sent words.
We sent food, medicine, etc.| Others sent words.
"Why are we here?" he asked.| "To listen!" came the answer.| Then there was silence.
He said: "We shall stay."| "For how long?" I asked him.
The Minister said, "We are friends."| The Ambassador smiled.
We ask for peace . . . and we shall have it.| We shall not rest.
Peace, freedom, bread ...| These are our aims.
What is to be done?| Who will do it?| We will!
I went there.| So did I.| We came back.
It was plan B.| The other plan had failed.
The party of J. F. Walder won in St. Ives.| Its leader thanked Mrs. Bell.
Article 2, para. 7, forbids it.| Art. 51 allows defence.
In 1945.| That was the year.
The war ended in 1945.| Our work began in 1946.
The rate rose by 3.5 per cent.| It fell again to 2.1 per cent.
The firm Walder & Sons, Inc. was there.| Acme Co. Ltd. was not.
Prime Minister Walder (interrupting): No.| That is wrong.
The President: I appreciate that, Jacques.| Let me say this.| We are with you.
Our position i.e. the one taken in May, stands.| E.g. we voted for it.
We thank the Secretary-General, Mr. U Walder.| He has served us well.
The G.D.R. and the F.R.G. both signed.| The U.K. did not.
We spoke to the U.N.| The answer was no.
Cf. the treaty, vol. 12, p. 40.| Nothing in it binds us.
The aim is simple: peace.| The means are not; they are hard.
Their leader -- a brave man -- died.| He was forty.
It is "the only way."| We took it.
Is it so?| Yes.| No. 5 says so.
Col. Bell, Capt. Adams and Lt. Walder came.| Sgt. Hart did not.
The island of St. Walder lies off the coast.| It is small.
He came on Jan. 5.| She came on Dec. 12 with Sen. Hart.
We hold with Prof. C. Hart that law comes first.| Force comes last.
This we believe.| [Applause] And this we shall do.
(The meeting rose at 1 p.m.)
I thank you.| (Applause.)| Now to our region.
The so-called "gift."| What was it?
"It is over."| "No, it has begun."
There was dis order in the re gion .| The peo ple fled.
The Govemment of Ruritania, acting on advice,has replied.| It accepts.
1. Peace.| 2. Bread.| 3. Land.
A. The first point is money.| B. The second is ships.
Mr. Walder, Jr. spoke next.| He was brief.
The Rev. Bell and the Hon. Mr. Adams agreed.| The others did not.
We reject it!| We reject it now, and forever.
They asked us, "Who are you?"| We answered them: "Your neighbours."
Viet-Nam is one country.| It will be free.
His answer was Yes.| Ours was no.
Our debt is $4.5 billion.| Theirs is \u00a33 million.
The boundary, he said, "was drawn in London."| We did not draw it.
The vote was 12 to 3 (Walder abst.).| It carried.
We shall do our part.\u201d| That is what he promised.
He asked: \u201cIs it not so?\u201d| It is so.
The U.S.S.R. Council of Ministers has met.| It decided nothing.
The U.S. is our friend.| The U.S. Ambassador knows it.
Yes.| We know.
Then K. said that he agreed.| S. replied that he did not.
It is of no use.| No. 7 of the series is lost.
The cable, op. cit., says so.| We deny it.
"""


def main() -> None:
    texts, ends = zip(*(unmark(line) for line in MARKED.strip().splitlines()), strict=True)
    speeches = list(some_speeches())
    size = sum(len(text) for text in speeches) / 1e6
    print(f"{len(texts)} texts, {sum(map(len, ends))} sentence ends; {size:.1f} million characters of UN speeches")
    print(f"{'splitter':<12} {'precision':>9} {'recall':>7} {'F1':>6} {'all right':>9} {'MB/s':>7}")
    for name, split in splitters().items():
        found = [set(split(text)) for text in texts]
        right = sum(len(f & e) for f, e in zip(found, ends, strict=True))
        precision, recall = right / sum(map(len, found)), right / sum(map(len, ends))
        whole = sum(f == e for f, e in zip(found, ends, strict=True)) / len(texts)
        f1 = 2 * precision * recall / (precision + recall)
        rate = f"{size / seconds(split, speeches):7.1f}" if speeches else "      -"
        print(f"{name:<12} {precision:9.3f} {recall:7.3f} {f1:6.3f} {whole:9.3f} {rate}")


def unmark(line: str) -> tuple[str, set[int]]:
    """Take the marks out of a line: its text, and where its sentences end."""
    text, ends = "", set()
    for piece in line.split("|"):
        text += piece
        ends.add(len(text))
    return text, ends


def seconds(split: Splitter, speeches: list[str]) -> float:
    start = time.process_time()
    for speech in speeches:
        split(speech)
    return time.process_time() - start


def some_speeches(count: int = 60) -> Iterator[str]:
    archive = Path(os.environ.get("ROLECODER_DATA", "../shared")) / "corpora" / "ungdc.zip"
    if not archive.is_file():
        return
    with zipfile.ZipFile(archive) as members:
        names = sorted(n for n in members.namelist() if n.endswith(".txt") and Path(n).stem.count("_") == 2)
        for name in random.Random(0).sample([n for n in names if "MACOSX" not in n], count):  # noqa: S311
            yield " ".join(members.read(name).decode("utf-8", "replace").split())


def splitters() -> dict[str, Splitter]:
    """Every splitter that is installed, by name."""
    found: dict[str, Splitter] = {"own rules": lambda text: [end for _, end in sentences(text)]}
    for name, make in (("spaCy", spacy), ("syntok", syntok), ("pysbd", pysbd), ("blingfire", blingfire)):
        try:
            found[name] = make()
        except ImportError:
            print(f"{name} is not installed")
    return found


def spacy() -> Splitter:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10**8
    return lambda text: [s.end_char for s in nlp(text).sents]


def syntok() -> Splitter:
    from syntok import segmenter

    def split(text: str) -> list[int]:
        sents = [sentence for paragraph in segmenter.analyze(text) for sentence in paragraph]
        return [s[-1].offset + len(s[-1].value) for s in sents]

    return split


def pysbd() -> Splitter:
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.start + len(span.sent.rstrip()) for span in segmenter.segment(text)]


def blingfire() -> Splitter:
    import blingfire

    return lambda text: [end for _, end in blingfire.text_to_sentences_and_offsets(text)[1]]


if __name__ == "__main__":
    main()
