-- What a load adds to the schema of version 0.1.0 when it ends: full-text search and indexes. Never edited.

CREATE INDEX idx_articles_extraction_id ON articles (extraction_id);

CREATE INDEX idx_articles_source_id ON articles (source_id);

CREATE INDEX idx_articles_publisher_published ON articles (publisher, published);

CREATE INDEX idx_articles_published ON articles (published);

CREATE INDEX idx_articles_language ON articles (language);

CREATE INDEX idx_zones_article_id ON zones (article_id);

CREATE INDEX idx_entities_type ON entities (type);

CREATE INDEX idx_entities_name ON entities (name);

CREATE INDEX idx_entities_basis ON entities (basis);

CREATE INDEX idx_entity_counts_mentions ON entity_counts (mentions);

CREATE INDEX idx_entity_counts_articles ON entity_counts (articles);

CREATE INDEX idx_entity_counts_type_mentions ON entity_counts (type, mentions);

CREATE INDEX idx_relation_counts_articles ON relation_counts (articles);

CREATE INDEX idx_relation_counts_subject_id_articles ON relation_counts (subject_id, articles);

CREATE INDEX idx_relation_counts_object_id_articles ON relation_counts (object_id, articles);

CREATE INDEX idx_relation_counts_subject_id_predicate_articles ON relation_counts (subject_id, predicate, articles);

CREATE INDEX idx_relation_counts_object_id_predicate_articles ON relation_counts (object_id, predicate, articles);

CREATE INDEX idx_relation_counts_predicate_articles ON relation_counts (predicate, articles);

CREATE INDEX idx_appearances_article_id_entity_id ON appearances (article_id, entity_id);

CREATE INDEX idx_appearances_entity_id_article_id_main_mentions_mentions ON appearances (entity_id, article_id, main_mentions, mentions);

CREATE INDEX idx_aliases_appearance_id ON aliases (appearance_id);

CREATE INDEX idx_aliases_entity_id ON aliases (entity_id);

CREATE INDEX idx_identifiers_appearance_id ON identifiers (appearance_id);

CREATE INDEX idx_identifiers_entity_id_iri ON identifiers (entity_id, iri);

CREATE UNIQUE INDEX idx_mentions_key ON mentions (key);

CREATE INDEX idx_mentions_article_id ON mentions (article_id);

CREATE INDEX idx_mentions_entity_id_zone_article_id ON mentions (entity_id, zone, article_id);

CREATE INDEX idx_relations_subject_id_object_id ON relations (subject_id, object_id);

CREATE INDEX idx_relations_object_id ON relations (object_id);

CREATE INDEX idx_relations_predicate ON relations (predicate);

CREATE UNIQUE INDEX idx_evidence_key ON evidence (key);

CREATE INDEX idx_evidence_relation_id_confidence_article_id_zone ON evidence (relation_id, confidence, article_id, zone);

CREATE INDEX idx_evidence_article_id ON evidence (article_id);

CREATE INDEX idx_evidence_extraction_id ON evidence (extraction_id);

CREATE INDEX idx_facet_counts_view_facet_count ON facet_counts (view, facet, count);

CREATE UNIQUE INDEX idx_quotes_key ON quotes (key);

CREATE INDEX idx_quotes_article_id ON quotes (article_id);

CREATE INDEX idx_quotes_speaker_id ON quotes (speaker_id);

CREATE INDEX idx_articles_month ON articles (substr(published, 1, 7));

CREATE INDEX idx_evidence_best ON evidence (relation_id, confidence DESC, key) WHERE sentence_start IS NOT NULL;

CREATE VIRTUAL TABLE article_texts_fts USING fts5(title, text, tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'", content="searched_texts", content_rowid="article_id");

CREATE VIRTUAL TABLE entities_fts USING fts5(name, alias_text, tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'", content="searched_names", content_rowid="id");

CREATE VIRTUAL TABLE quotes_fts USING fts5(surface, tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'", content="searched_quotes", content_rowid="id");
