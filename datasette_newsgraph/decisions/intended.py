"""What of an article is to be shown, and as what: a function of what it gave and of what holds."""

from __future__ import annotations

from datasette_newsgraph.decisions.article_state import ArticleState, Span
from datasette_newsgraph.decisions.as_given import NOBODY
from datasette_newsgraph.decisions.standing import Standing


class Intended:
    """What is to be shown of an article.

    ``entities``: the key under which each entity of the record is shown, None if it is not. An entity
    of which all mentions are wrong is not named by the article. ``spans``: each with the key of what
    it is to be shown about, None if it is not to be shown. ``hidden``: the keys of the mentions that
    are not.
    """

    def __init__(self, state: ArticleState, standing: Standing) -> None:
        self._article = state.key
        self._standing = standing
        self.entities = {key: self._shown(state, key) for key in state.entities}
        self.spans = [(each, self._of_span(each)) for each in state.spans]
        self.hidden = {
            each.key for each, shown in self.spans if each.kind == "mention" and shown is None
        }

    @property
    def changes_numbers(self) -> bool:
        """Whether spans go or come back."""
        return any((each.id is None) != (shown is None) for each, shown in self.spans)

    def _shown(self, state: ArticleState, key: str) -> str | None:
        shown = self._standing.shown(self._article, key)
        if shown is not None and self._standing.wrong:
            wrong = [
                ("mention", each.key) in self._standing.wrong for each in state.mentions_of(key)
            ]
            if wrong and all(wrong):
                return None
        return shown

    def _of_span(self, span: Span) -> str | None:
        if (span.kind, span.key) in self._standing.wrong:
            return None
        subject = self.entity(span.ends.subject)
        if span.kind == "mention":
            return subject
        if span.kind == "quote":
            return subject or NOBODY
        return self._relation(span, subject)

    def _relation(self, span: Span, subject: str | None) -> str | None:
        object_ = self.entity(span.ends.object)
        if subject is None or (span.ends.object and object_ is None) or span.statement is None:
            return None
        relation = span.ends.relation
        if (subject, object_) != (span.ends.subject, span.ends.object):
            relation = span.statement.key(subject, object_)
        wrong = {("relation", span.ends.relation), ("relation", relation)}
        return relation if self._standing.wrong.isdisjoint(wrong) else None

    def entity(self, key: str | None) -> str | None:
        """Return the key under which an entity of the record is to be shown."""
        return None if key is None else self.entities.get(key)
