"""The verb that reports a quotation: above it in the parse, or beside its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.quote_marks import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

#: With which words a sentence begins that says who was quoted in the one before.
_AFTER_QUOTE = frozenset(("he", "she", "said", "says"))


class Cues:
    """Finds the verbs of a page that report what is quoted; ``quoted`` tells which tokens are."""

    def __init__(self, page: Page, lexicon: Lexicon, quoted: bytearray) -> None:
        self.page, self.lexicon, self._quoted_tokens = page, lexicon, quoted

    def of(self, quotation: Quotation, sentence: Span) -> Token | None:
        """Return the verb that reports a quotation: above it in the parse, or beside its marks."""
        doc, first = self.page.doc, self.page.token_at(quotation.start)
        last = self.page.token_at(quotation.outer_end)
        best: tuple[int, int, Token] | None = None
        # A quotation of several sentences has its verb in the first or in the last of them.
        around = [sentence]
        if last - 1 >= sentence.end and last <= len(doc):
            around.append(self.page.sentence_of(min(last, len(doc)) - 1))
        if last < len(doc) and doc[last].lower_ in _AFTER_QUOTE and last >= sentence.end:
            around.append(self.page.sentence_of(last))
        for each in around:
            for token in each:
                if not self.is_cue(token):
                    continue
                rank = self._rank(token, first, last)
                distance = min(abs(token.i - first), abs(token.i - last))
                if best is None or (rank, distance) < best[:2]:
                    best = (rank, distance, token)
        if best is None or best[0] > 2:
            return None
        return best[2]

    def is_cue(self, token: Token) -> bool:
        """Tell whether a token is a verb of reporting that is not quoted itself."""
        if self._quoted_tokens[token.i] or token.pos_ not in ("VERB", "AUX"):
            return False
        return token.lemma_.lower() in self.lexicon.reporting

    def _rank(self, cue: Token, first: int, last: int) -> int:
        """Return how near a verb is to a quotation in the parse: 0 beside it, 1 above it, 2 in its
        sentence.
        """
        beside = cue.i
        if last <= beside <= last + 8 and self._only_subject_between(last, beside):
            return 0
        inside = self.page.doc[first:last]
        if len(inside):
            for steps, above in enumerate(inside.root.ancestors):
                if above.i == cue.i:
                    return 1
                if steps > 5 or (above.pos_ == "VERB" and self.is_cue(above)):
                    break
        return 2

    def _only_subject_between(self, last: int, verb: int) -> bool:
        """Tell whether neither another verb nor an end stands between closing marks and a verb."""
        for index in range(last, verb):
            token = self.page.doc[index]
            if token.pos_ in ("VERB",) or token.text in (".", ";") or self._quoted_tokens[index]:
                return False
        return True
