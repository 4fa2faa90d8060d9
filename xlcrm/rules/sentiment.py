"""The sentiment of short feedback in Chinese and English, by words alone: offline, small, and explained (feature S50).

Words and phrases that judge have a weight (`sentiment_words`). In their clause, a negation before them turns them round and weakens them
(times NEGATED), a word of degree makes them stronger or weaker. Where a clause begins with a contrast ("but", 但是), it counts more than
what stands before it. The sum s becomes a score s / (1 + |s|) from -1 to 1; from THRESHOLD on it is positive or negative, else neutral.
After M. Taboada and others, Lexicon-based methods for sentiment analysis, Computational Linguistics 37, 2011.

What it cannot do: irony, what is judged only by what happened ("the box was wet"), words it does not know. `docs/voice.md` says how often
it is right on sentences that it was not made for.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from xlcrm.rules import sentiment_words as words

POSITIVE, NEUTRAL, NEGATIVE = "positive", "neutral", "negative"
THRESHOLD = 0.2
NEGATED = -0.8
_BEFORE_CONTRAST = 0.5
_REACH = 3
"""A negation or a degree works on a judgement up to so many tokens behind it."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """label: positive, neutral or negative. score: from -1 to 1. evidence: the judging words as found, each with what it added."""

    label: str
    score: float
    evidence: tuple[tuple[str, float], ...]


class _Token(NamedTuple):
    text: str
    kind: str
    weight: float


@cache
def _lexicon() -> dict[str, _Token]:
    found: dict[str, _Token] = {}
    parts: list[tuple[str, str, float]] = [(words.CONTRASTS, "contrast", 0.0), (words.NEGATIONS, "negation", 0.0)]
    parts += [(listed, "degree", weight) for weight, listed in words.DEGREES.items()]
    parts += [(listed, "judgement", float(weight)) for weight, listed in words.POSITIVE.items()]
    parts += [(listed, "judgement", -float(weight)) for weight, listed in words.NEGATIVE.items()]
    parts.append((words.NEUTRAL, "plain", 0.0))
    for listed, kind, weight in parts:
        for word in entries(listed):
            found[word] = _Token(word, kind, weight)
    return found


def entries(listed: str) -> list[str]:
    """Words at spaces; a phrase stands in double quotes. An apostrophe is a letter."""
    lexer = shlex.shlex(listed, posix=True)
    lexer.whitespace_split, lexer.quotes, lexer.commenters, lexer.escape = True, '"', "", ""
    return list(lexer)


@cache
def _pattern() -> re.Pattern[str]:
    """The lexicon's entries, longer ones first, else a whole word, else a sign."""
    entries = sorted(_lexicon(), key=lambda word: (-len(word), word))
    latin = "|".join(re.escape(word) for word in entries if word.isascii() and word != "n't")
    other = "|".join(re.escape(word) for word in entries if not word.isascii())
    return re.compile(rf"(?:{latin})(?![a-z'])|{other}|[a-z]+(?:'[a-z]+)?|\d+|[,.;!?、，。；！？\n]|\S")


def sentiment(feedback: str | None) -> Sentiment:
    """The sentiment of a short text; of nothing it is neutral with a score of 0."""
    folded = unicodedata.normalize("NFKC", feedback or "").lower().replace("’", "'")
    simple = folded.translate({ord(old): new for old, new in words.TRADITIONAL.items()})
    parts: list[tuple[str, float]] = []
    for clause in _clauses(simple):
        if clause and clause[0].kind == "contrast":
            parts = [(word, value * _BEFORE_CONTRAST) for word, value in parts]
        parts += _judged(clause)
    total = sum(value for _, value in parts)
    score = total / (1 + abs(total))
    label = POSITIVE if score >= THRESHOLD else NEGATIVE if score <= -THRESHOLD else NEUTRAL
    return Sentiment(label, score, tuple((word, round(value, 3)) for word, value in parts))


def _clauses(simple: str) -> Iterator[list[_Token]]:
    """Tokens between signs; a contrast begins a clause of its own."""
    clause: list[_Token] = []
    for match in _pattern().finditer(simple):
        text = match.group()
        token = _lexicon().get(text) or (_Token(text, "negation", 0.0) if text.endswith("n't") else _Token(text, "plain", 0.0))
        if text in ",.;!?、\n。":
            yield clause
            clause = []
        elif token.kind == "contrast":
            yield clause
            clause = [token]
        else:
            clause.append(token)
    yield clause


def _judged(clause: list[_Token]) -> Iterator[tuple[str, float]]:
    for place, token in enumerate(clause):
        if token.kind == "judgement":
            value = token.weight
            before: list[_Token] = []
            for earlier in reversed(clause[max(0, place - _REACH) : place]):
                if earlier.kind == "judgement" and before:
                    break
                before.append(earlier)
            for earlier in before:
                value *= NEGATED if earlier.kind == "negation" else earlier.weight if earlier.kind == "degree" else 1.0
            yield token.text, value
