"""Letters, orders and telegrams in a book: where one begins, where it ends, and who signed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rolecoder.dialogue.bookparts import CHAPTER, DAY, MONTH
from rolecoder.dialogue.layout import Block

INTRODUCES = re.compile(
    r"(?:letter|note|repl(?:y|ied)|dispatch|despatch|telegram|telegraphed|cabled|message|"
    r"order|orders|words|follows|follow|following|wrote|written|writes|said|"
    r"answered|responded|statement|extract|communication|memorandum|instructions|report|reads?|"
    r"says|remark(?:s|ed)|observe[sd]|assert(?:s|ed)|declare[sd]|stated|ran|quote it|"
    r"declaration|speech|address|proclamation|resolutions?)\b"
    r"[^.?!]{0,140}(?::|:?--|:—)\W*$",
    re.I,
)
CLOSES = re.compile(
    r"(?:(?:very|most)?\s*(?:respectfully|sincerely|truly|faithfully|cordially|affectionately)(?=\W*$|,|\s+(?:yours?|submitted)\b)|"
    r"(?:obedient|humble|faithful|devoted)(?: and \w+)? servants?\b|ob['’]?t\.?,? se?r?['’]?v['’]?t|"
    r"(?<![A-Za-z]\s)\bsigned\W|"
    r"I (?:am|remain|have the honou?r)[^.]{0,60}(?:servant|yours|&c)|yours\b[^.]{0,30}$)",
    re.I,
)
# A name in capitals, as a signature prints it: "BENJ. F. BUTLER", "VON HINDENBURG", "WILHELM".
NAME = re.compile(
    r"(?<![\w’'-])(?P<name>(?:[A-Z][A-Za-z]{0,5}\.\s*|(?:[A-Z][A-Z'’-]*|d[eu]|v[ao]n)\s+){0,4}"
    r"(?:Mc|Mac)?[A-Z][A-Z'’-]{2,}(?:,? (?:JR|SR)\b\.?|(?: [IVX]{1,3}| R| I)\b\.?){0,3})(?=[\W\d]|$)"
)
SPELT = re.compile(r"(?P<name>(?:[A-Z][\w'’-]*\.?\s+|d[eu]\s|v[ao]n\s){0,4}[A-Z][\w'’-]+)(?:,.{0,80})?\W*$")
RANKED = re.compile(
    r"^(?:the|to|for|hon|col|gen|maj|brig|lieut|lt|capt|rear|vice|brevet|secretary|major|general|colonel|captain|admiral|"
    r"lieutenant|commander|governor|president|headquarters|office|department|washington|city|camp|near|a copy)\b",
    re.I,
)
SALUTE = re.compile(
    r"^\W{0,3}(?:(?:my |most )?(?:very )?dear\b[^.?!:;]{0,60}?(?:[:;,.]|--|—|$)|"
    r"I (?:do )?(?:hereby )?certify\b|(?:sirs?|gentlemen|madame?|monsieur)\s?(?:[:;,.]|--|—|$)|"
    r"(?:your )?(?:\w+ (?:and )?){0,3}(?:excellency|majesty|highness)\s?(?:[:;]|--|—|,?$)|"
    r"(?:(?:lieutenant|major|brigadier)[ -])?(?:general|colonel|captain|admiral)\s?(?:[:;]|,?\s?--|—|$)|"
    r"(?:to )?(?:the )?mr\.? (?:president|secretary|chancellor|minister)\s?(?:[:;,]|--|—|$)|"
    r"for (?:the )?(?:president|king|queen|emperor|empress|sultan|chancellor|secretary|minister)\b[^.?!;:]{0,60}:$)",
    re.I,
)
DATELINE = re.compile(
    rf"^(?:.{{2,110}}\b{MONTH}\b\W{{0,3}}(?:\d{{1,2}}\w{{0,2}}\W{{0,4}})?\s?(?:1[5-9]\d\d|20\d\d)\b.{{0,20}}|"
    rf".{{2,80}},\s\d{{1,2}}\w{{0,2}}\s{MONTH}\W{{1,3}}(?:1[5-9]\d\d|20\d\d)\b.{{0,20}}|"
    r"(?:headquarters|office|the white house|white house|executive mansion|[A-Z ]*department)\b[^.?!]{0,90}\W*)$",
    re.I,
)
ADDRESSEE = re.compile(
    r"^\W{0,2}(?:to (?:the )?[A-Z]|hon\b|the hon\w*\s|(?:his|her) (?:excellency|majesty)\b|"
    r"(?:(?:lieut|maj|brig|brevet|major|general|lieutenant|gen|col|colonel|"
    r"captain|capt|admiral|rear|lt)\b[\w.'’-]*\W{1,2}){1,3}[A-Z]|commanding\b)",
    re.I,
)
FROM_HEADING = re.compile(
    r"^(?:\W{0,2}(?:NOTE|No|NO)\b[^a-z]{0,8}|(?:LETTER|TELEGRAM|DISPATCH|NOTE)\b[^a-z]{0,14}|[IVXLC]{1,7}\W{1,4}|\d{1,4}\W{1,4})?"
    r"(?:FROM|From) (?P<name>(?:THE |the )?[A-Z][\w .,'’-]{2,50}?)\W*$"
)
NO_SENDER = re.compile(r"\b(?:and|to|in|against|with|on|by)\b|\b(?:of|the)$", re.I)
NO_NAME = re.compile(r"['’]s\b|\b(?:of|the|and|to|in|end|chapter|volume|but|not|a(?!\.)|by|with|for|on)\b", re.I)
SMALL = re.compile(r"(?<![\w’'.-])(?!(?:of|the|and|to|for|near|com\w*|forces|in|at)\b)[a-z][\w’'-]*")
NEXT = re.compile(r"^\W{0,2}(?:NOTE|LETTER|TO|FROM|APPENDIX)\b[^a-z]{2,80}$")
NUMERAL = re.compile(r"[IVXL]+")
INITIALS = re.compile(r"\W*(?:[A-Z]\.?\s?){1,4}\W*")
SHORT = re.compile(r"(?<=[.?!] )(?:[A-Z]\.\s?){2,4}$")  # initials for a signature, after a sentence
RANK = re.compile(
    r"^(?:field|lieut\w*|major|brigadier|general|colonel|captain|rear|vice|admiral|marshal|command\w+|president|secretary|"
    r"minister|chancellor|governor|ambassador|chief)\b",
    re.I,
)
ARTICLE = re.compile(r"^\W{0,2}art(?:icle|\.)\s+(?P<number>\d{1,3}|[ivxl]{1,7}|first|one)\b", re.I)
FIRST = ("1", "i", "first", "one")
DONE = re.compile(rf"^(?:done\b|in witness\b|.{{2,40}},\s(?:\d{{1,2}}\w{{0,2}}\s)?{MONTH}\b.{{0,20}}$)", re.I)
AFTERTHOUGHT = re.compile(r"^\W{0,2}P\.\s?S\b")
ENDS = re.compile(r"[.?!][\"”’\s]*$")
AT_MOST = 60  # paragraphs of a letter
LEAST = 12  # words of a letter
APART = 12  # paragraphs of an article


@dataclass(frozen=True, slots=True)
class Quoted:
    """A run of paragraphs that someone wrote or said: their numbers, half-open, and who signed them."""

    first: int
    last: int
    signer: str | None


def letters(blocks: Sequence[Block], reasons: dict[int, str]) -> list[Quoted]:
    """Find the letters of a book by their signatures and their heads.

    A letter is a run of paragraphs that ends in a signature and begins with a date line, an address
    or a salutation, or right after words that announce it.

    Args:
        blocks: The book's paragraphs.
        reasons: Paragraphs known to be no one's speech, by number.
    """
    found: list[Quoted] = []
    free = 0
    for number, block in enumerate(blocks):
        if number < free or number in reasons:
            continue
        heading = FROM_HEADING.match(block.text)
        if heading and len(block.text.split()) <= 12 and not NO_SENDER.search(heading["name"]):
            letter = _headed(blocks, number, heading["name"], reasons)
        else:
            letter = _closed(blocks, number, free, reasons)
        if letter is not None:
            found.append(letter)
            free = letter.last
    return found


def agreements(blocks: Sequence[Block], reasons: dict[int, str]) -> list[Quoted]:
    """Find the treaties and laws that a book prints article by article, right after words that announce them."""
    found: list[Quoted] = []
    for number, block in enumerate(blocks):
        article = ARTICLE.match(block.text)
        if article is None or article["number"].lower() not in FIRST:
            continue
        before = (n for n in range(number - 1, max(number - 5, -1), -1) if INTRODUCES.search(blocks[n].text[-260:]))
        lead = next(before, None)
        heads = _articles(blocks, number)
        if lead is None or len(heads) < 3 or reasons.keys() & range(lead, heads[-1]):
            continue
        last = heads[-1] + 1 + (len(blocks[heads[-1]].text.split()) <= 6)
        last += last < len(blocks) and len(blocks[last].text.split()) <= 60 and bool(DONE.match(blocks[last].text))
        found.append(Quoted(lead + 1, min(last, len(blocks)), None))
    return found


def _articles(blocks: Sequence[Block], first: int) -> list[int]:
    """Number the paragraphs that head the articles of one text, the first of them given."""
    heads = [first]
    for number in range(first + 1, len(blocks)):
        article = ARTICLE.match(blocks[number].text)
        if number - heads[-1] > APART or CHAPTER.match(blocks[number].text):
            break
        if article and article["number"].lower() in FIRST:
            break
        if article:
            heads.append(number)
    return heads


def _headed(blocks: Sequence[Block], number: int, name: str, reasons: dict[int, str]) -> Quoted | None:
    """A letter under a heading that says whom it is from, up to its signature or the next heading."""
    last = number + 1
    while last < len(blocks) and last - number <= AT_MOST:
        text = blocks[last].text
        if last in reasons or _heading(text):
            break
        last += 1
        if signer(text) and (CLOSES.search(text) or len(text.split()) <= 15) and last > number + 2:
            break
    if last - number > AT_MOST or _words(blocks[number + 1 : last]) < LEAST:
        return None
    return Quoted(number + 1, last, " ".join(name.split()).title())


def _closed(blocks: Sequence[Block], number: int, free: int, reasons: dict[int, str]) -> Quoted | None:
    """The letter that this paragraph ends, where it ends one."""
    name = _signature(blocks, number)
    if name is None:
        return None
    first = _head(blocks, number, free, reasons)
    if first is None or _words(blocks[first : number + 1]) < LEAST + 3:
        return None
    last = number + 1
    while last < len(blocks) and last not in reasons and last < number + 3 and _trails(blocks[last].text, name):
        last += 1
    return Quoted(first, last, name)


def _trails(text: str, signed: str) -> bool:
    """Tell what may stand after a signature: the signer's rank, whom the letter went to, an afterthought."""
    words = len(text.split())
    if AFTERTHOUGHT.match(text) or (words <= 6 and RANK.match(text) and not SMALL.search(text)):
        return True
    short = SHORT.search(text)
    if short and words <= 80 and re.sub(r"[^A-Z]", "", short.group()) == "".join(part[0] for part in signed.split()):
        return True
    return words <= 25 and _address(text) and not (text.endswith(":") or DATELINE.match(text))


def _address(text: str) -> bool:
    """Tell an address from a sentence: hardly a word in it begins with a small letter."""
    return bool(ADDRESSEE.match(text)) and not SMALL.search(text)


def _signature(blocks: Sequence[Block], number: int) -> str | None:
    text = blocks[number].text
    few = len(text.split()) <= 35
    closes = CLOSES.search(text[-220:])
    before = CLOSES.search(blocks[number - 1].text[-160:]) if number else None
    if not few and closes is None:
        return None
    name = signer(text)
    if name and (closes or before or _alone(text)):
        return name
    if (closes or before) and len(text.split()) <= 14 and (spelt := _spelt(text)):
        return spelt
    return None


def _alone(text: str) -> bool:
    """Tell a line that is a signature by its form: a name with initials or a rank after it, and little else."""
    if len(text.split()) > 15 or DATELINE.match(text) or SALUTE.match(text) or RANKED.match(text.strip("\"'“‘(_ ")):
        return False
    match = NAME.match(text.strip("\"'“‘_ "))
    return match is not None and bool(re.search(r"\b[A-Z][a-z]{0,5}\.", match["name"]) or text[-60:].count(",") == 1)


def signer(text: str) -> str | None:
    """Read the name of who signed at a paragraph's end; whom it went to, printed after it, is another."""
    tail = text[-220:]
    closing = [m.end() for m in CLOSES.finditer(tail)]
    for match in NAME.finditer(tail, closing[-1] if closing else 0):
        name = match["name"].strip()
        rest = tail[match.end() :].strip("\"'”’._ ")
        if RANKED.match(name) or len(name.split()) > 5 or not re.search(r"[A-Z]{3}", name) or NO_NAME.search(name):
            continue
        if NUMERAL.fullmatch(name):
            continue
        if len(text) > len(tail) and not closing and not ENDS.search(tail[: match.start()]):
            return None  # a name at the end of a sentence
        if rest[:1] == "," and rest.isupper() and not (RANKED.match(rest.strip(", ")) or INITIALS.fullmatch(rest)):
            return None
        if not rest or rest[0] in ",(" or NAME.match(rest) or RANKED.match(rest) or len(rest.split()) <= 8:
            return " ".join(name.split()).title()
        return None
    return None


def _spelt(text: str) -> str | None:
    """A signature in small letters, after the words that close a letter."""
    tail = CLOSES.split(text)[-1] if CLOSES.search(text) else text
    match = SPELT.match(tail.strip("\"'“‘_,. "))
    if match is None or re.search(r"\d", tail):
        return None
    name = " ".join(match["name"].split())
    return name.title() if name.isupper() else name


def _head(blocks: Sequence[Block], number: int, free: int, reasons: dict[int, str]) -> int | None:
    """Where the letter begins that ends here: at the head nearest before, or after what announces it."""
    for place in range(number, max(free, number - AT_MOST) - 1, -1):
        if place in reasons or CHAPTER.match(blocks[place].text):
            return None
        if opens(blocks[place].text):
            while place > free and place - 1 not in reasons and _leads(blocks[place - 1].text):
                place -= 1
            return place
        if place > free and INTRODUCES.search(blocks[place - 1].text[-260:]) and place < number + 1:
            return place
    return None


def opens(text: str) -> bool:
    """Tell a date line, an address or a salutation."""
    text = text.strip("\"“'‘_ ")
    words = len(text.split())
    if SALUTE.match(text):
        return True
    if words > 22:
        return False
    if DAY.match(text) or DATELINE.match(text):
        return True
    return _address(text) and bool(re.search(r"[A-Z]{3}|[:,]$", text))


def _leads(text: str) -> bool:
    """Tell what may stand in a letter's head besides: the name of an office, in capitals."""
    office = (
        len(text.split()) <= 16
        and "," in text
        and re.search(r"[A-Z]{4}", text)
        and not re.search(r"[a-z]{3}[.?!:]$", text)
    )
    return opens(text) or bool(office and not signer(text) and not CHAPTER.match(text))


def _heading(text: str) -> bool:
    return bool(CHAPTER.match(text) or NEXT.match(text)) or (
        text.isupper() and len(text.split()) <= 12 and not (SALUTE.match(text) or DATELINE.match(text) or signer(text))
    )


def _words(blocks: Sequence[Block]) -> int:
    return sum(len(b.text.split()) for b in blocks)
