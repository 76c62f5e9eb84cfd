-- The tables, indexes and views of version 0.1.0. Never edited: what changes later is a migration of
-- its own, in store/migrations.py.

CREATE TABLE "settings" (
  "name" TEXT PRIMARY KEY,
  "value" TEXT
);

CREATE TABLE "sources" (
  "id" INTEGER PRIMARY KEY,
  "name" TEXT,
  "place" TEXT,
  "size" INTEGER,
  "sha256" TEXT,
  "resume_line" INTEGER,
  "resume_byte" INTEGER,
  "complete" INTEGER,
  "way" TEXT
);

CREATE TABLE "extractions" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "tool" TEXT,
  "version" TEXT,
  "model" TEXT
);

CREATE TABLE "articles" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "given_id" TEXT,
  "title" TEXT,
  "url" TEXT,
  "publisher" TEXT,
  "authors" TEXT,
  "sections" TEXT,
  "published" TEXT,
  "language" TEXT,
  "licence" TEXT,
  "extraction_id" INTEGER REFERENCES "extractions"("id"),
  "source_id" INTEGER REFERENCES "sources"("id"),
  "record_hash" TEXT,
  "given_published" TEXT
);

CREATE TABLE "article_faults" (
  "article_id" INTEGER PRIMARY KEY REFERENCES "articles"("id"),
  "faults" INTEGER
);

CREATE TABLE "article_texts" (
  "article_id" INTEGER PRIMARY KEY REFERENCES "articles"("id"),
  "title" TEXT,
  "first_line" TEXT,
  "length" INTEGER,
  "sha256" TEXT,
  "text" TEXT
);

CREATE TABLE "text_parts" (
  "article_id" INTEGER REFERENCES "articles"("id"),
  "number" INTEGER,
  "part" TEXT,
  PRIMARY KEY ("article_id", "number")
);

CREATE TABLE "zones" (
  "id" INTEGER PRIMARY KEY,
  "article_id" INTEGER REFERENCES "articles"("id"),
  "zone" TEXT,
  "start_char" INTEGER,
  "end_char" INTEGER
);

CREATE TABLE "entities" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "type" TEXT,
  "name" TEXT,
  "alias_text" TEXT,
  "description" TEXT,
  "latitude" REAL,
  "longitude" REAL,
  "basis" TEXT
);

CREATE TABLE "appearances" (
  "id" INTEGER PRIMARY KEY,
  "article_id" INTEGER REFERENCES "articles"("id"),
  "entity_id" INTEGER REFERENCES "entities"("id"),
  "type" TEXT,
  "name" TEXT,
  "description" TEXT,
  "latitude" REAL,
  "longitude" REAL,
  "mentions" INTEGER,
  "main_mentions" INTEGER,
  "mentions_by_zone" TEXT
);

CREATE TABLE "aliases" (
  "id" INTEGER PRIMARY KEY,
  "appearance_id" INTEGER REFERENCES "appearances"("id"),
  "entity_id" INTEGER REFERENCES "entities"("id"),
  "alias" TEXT
);

CREATE TABLE "identifiers" (
  "id" INTEGER PRIMARY KEY,
  "appearance_id" INTEGER REFERENCES "appearances"("id"),
  "entity_id" INTEGER REFERENCES "entities"("id"),
  "iri" TEXT
);

CREATE TABLE "mentions" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "article_id" INTEGER REFERENCES "articles"("id"),
  "entity_id" INTEGER REFERENCES "entities"("id"),
  "start_char" INTEGER,
  "end_char" INTEGER,
  "surface" TEXT,
  "zone" TEXT,
  "confidence" REAL,
  "offset_status" TEXT,
  "given_start" INTEGER,
  "given_end" INTEGER,
  "moved" INTEGER,
  "given_surface" TEXT
);

CREATE TABLE "relations" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "subject_id" INTEGER REFERENCES "entities"("id"),
  "predicate" TEXT,
  "object_id" INTEGER REFERENCES "entities"("id"),
  "value" TEXT,
  "datatype" TEXT
);

CREATE TABLE "evidence" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "relation_id" INTEGER REFERENCES "relations"("id"),
  "article_id" INTEGER REFERENCES "articles"("id"),
  "extraction_id" INTEGER REFERENCES "extractions"("id"),
  "start_date" TEXT,
  "end_date" TEXT,
  "start_char" INTEGER,
  "end_char" INTEGER,
  "surface" TEXT,
  "zone" TEXT,
  "confidence" REAL,
  "offset_status" TEXT,
  "given_start" INTEGER,
  "given_end" INTEGER,
  "moved" INTEGER,
  "given_surface" TEXT,
  "sentence_start" INTEGER,
  "sentence_end" INTEGER,
  "given_start_date" TEXT,
  "given_end_date" TEXT
);

CREATE TABLE "quotes" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "article_id" INTEGER REFERENCES "articles"("id"),
  "speaker_id" INTEGER REFERENCES "entities"("id"),
  "verb" TEXT,
  "direct" INTEGER,
  "start_char" INTEGER,
  "end_char" INTEGER,
  "surface" TEXT,
  "zone" TEXT,
  "confidence" REAL,
  "offset_status" TEXT,
  "given_start" INTEGER,
  "given_end" INTEGER,
  "moved" INTEGER,
  "given_surface" TEXT
);

CREATE TABLE "rejects" (
  "id" INTEGER PRIMARY KEY,
  "source_id" INTEGER REFERENCES "sources"("id"),
  "source" TEXT,
  "line" INTEGER,
  "item" INTEGER,
  "reason" TEXT,
  "raw" TEXT,
  "parts" INTEGER
);

CREATE TABLE "entity_counts" (
  "entity_id" INTEGER PRIMARY KEY REFERENCES "entities"("id"),
  "mentions" INTEGER,
  "articles" INTEGER,
  "first_seen" TEXT,
  "last_seen" TEXT,
  "type" TEXT
);

CREATE TABLE "relation_counts" (
  "relation_id" INTEGER PRIMARY KEY REFERENCES "relations"("id"),
  "subject_id" INTEGER REFERENCES "entities"("id"),
  "predicate" TEXT,
  "object_id" INTEGER REFERENCES "entities"("id"),
  "articles" INTEGER,
  "evidence" INTEGER,
  "unrated" INTEGER,
  "confidence" REAL,
  "start_date" TEXT,
  "end_date" TEXT,
  "first_seen" TEXT,
  "last_seen" TEXT
);

CREATE TABLE "facet_counts" (
  "view" TEXT,
  "facet" TEXT,
  "value" TEXT,
  "label" TEXT,
  "count" INTEGER,
  PRIMARY KEY ("view", "facet", "value")
);

CREATE TABLE "facet_rows" (
  "view" TEXT,
  "facet" TEXT,
  "value" TEXT,
  "rows" BLOB,
  PRIMARY KEY ("view", "facet", "value")
);

CREATE TABLE "folded_texts" (
  "article_id" INTEGER PRIMARY KEY,
  "title" TEXT,
  "text" TEXT
);

CREATE TABLE "folded_names" (
  "entity_id" INTEGER PRIMARY KEY,
  "name" TEXT,
  "alias_text" TEXT
);

CREATE TABLE "folded_quotes" (
  "quote_id" INTEGER PRIMARY KEY,
  "surface" TEXT
);

CREATE TABLE "vocabulary" (
  "id" INTEGER PRIMARY KEY,
  "kind" TEXT,
  "label" TEXT,
  "iri" TEXT
);

CREATE TABLE "unsettled" (
  "kind" TEXT,
  "row_id" INTEGER,
  PRIMARY KEY ("kind", "row_id")
);

CREATE UNIQUE INDEX idx_sources_name_place ON sources (name, place);

CREATE UNIQUE INDEX idx_extractions_key ON extractions (key);

CREATE UNIQUE INDEX idx_articles_key ON articles (key);

CREATE INDEX idx_articles_record_hash ON articles (record_hash);

CREATE UNIQUE INDEX idx_entities_key ON entities (key);

CREATE UNIQUE INDEX idx_relations_key ON relations (key);

CREATE UNIQUE INDEX idx_rejects_source_id_line_item ON rejects (source_id, line, item);

CREATE UNIQUE INDEX idx_vocabulary_kind_label ON vocabulary (kind, label);

CREATE VIEW "article_index" AS SELECT
  articles.title AS "title",
  articles.published AS "published",
  articles.publisher AS "publisher",
  articles.sections AS "sections",
  articles.authors AS "authors",
  articles.language AS "language",
  substr(articles.published, 1, 7) AS "month",
  articles.given_published AS "given_published",
  articles.url AS "url",
  articles.key AS "key",
  articles.id AS "id"
FROM articles;

CREATE VIEW "entity_index" AS SELECT
  (SELECT name FROM entities WHERE entities.id = entity_counts.entity_id) AS "name",
  entity_counts.type AS "type",
  entity_counts.mentions AS "mentions",
  entity_counts.articles AS "articles",
  entity_counts.first_seen AS "first_seen",
  entity_counts.last_seen AS "last_seen",
  (SELECT description FROM entities WHERE entities.id = entity_counts.entity_id) AS "description",
  (SELECT replace(alias_text, char(10), '; ') FROM entities WHERE entities.id = entity_counts.entity_id) AS "also_called",
  (SELECT key FROM entities WHERE entities.id = entity_counts.entity_id) AS "key",
  entity_counts.entity_id AS "id"
FROM entity_counts;

CREATE VIEW "mention_index" AS SELECT
  (SELECT CASE WHEN start_char > 73 AND instr(substr(part, 1, 13), ' ') > 0 THEN substr(part, instr(part, ' ') + 1) ELSE part END FROM (SELECT replace(CASE WHEN EXISTS (SELECT 1 FROM text_parts WHERE text_parts.article_id = article_texts.article_id) THEN (SELECT substr(group_concat(part, ''), max(0, start_char - 73) - min(number) * 1000 + 1, min(73, start_char)) FROM (SELECT number, part FROM text_parts WHERE text_parts.article_id = article_texts.article_id AND number BETWEEN (max(0, start_char - 73)) / 1000 AND (max(0, start_char - 73) + min(73, start_char)) / 1000 ORDER BY number)) ELSE substr(article_texts.text, max(0, start_char - 73) + 1, min(73, start_char)) END, char(10), ' ') AS part FROM article_texts WHERE article_texts.article_id = mentions.article_id LIMIT 1 OFFSET 0)) AS "before",
  mentions.surface AS "surface",
  (SELECT CASE WHEN length(part) = 73 AND length(rtrim(part, replace(part, ' ', ''))) > 60 THEN rtrim(rtrim(part, replace(part, ' ', ''))) ELSE part END FROM (SELECT replace(CASE WHEN EXISTS (SELECT 1 FROM text_parts WHERE text_parts.article_id = article_texts.article_id) THEN (SELECT substr(group_concat(part, ''), end_char - min(number) * 1000 + 1, 73) FROM (SELECT number, part FROM text_parts WHERE text_parts.article_id = article_texts.article_id AND number BETWEEN (end_char) / 1000 AND (end_char + 73) / 1000 ORDER BY number)) ELSE substr(article_texts.text, end_char + 1, 73) END, char(10), ' ') AS part FROM article_texts WHERE article_texts.article_id = mentions.article_id LIMIT 1 OFFSET 0)) AS "after",
  (SELECT name FROM entities WHERE entities.id = mentions.entity_id) AS "entity",
  (SELECT type FROM entities WHERE entities.id = mentions.entity_id) AS "type",
  (SELECT title FROM articles WHERE articles.id = mentions.article_id) AS "article",
  (SELECT published FROM articles WHERE articles.id = mentions.article_id) AS "published",
  mentions.zone AS "zone",
  mentions.confidence AS "confidence",
  mentions.offset_status AS "offset_status",
  mentions.moved AS "moved",
  mentions.start_char AS "start_char",
  mentions.end_char AS "end_char",
  (SELECT key FROM entities WHERE entities.id = mentions.entity_id) AS "entity_key",
  (SELECT key FROM articles WHERE articles.id = mentions.article_id) AS "article_key",
  mentions.key AS "key",
  mentions.id AS "id"
FROM mentions;

CREATE VIEW "relation_index" AS SELECT
  (SELECT name FROM entities WHERE entities.id = relation_counts.subject_id) AS "subject",
  relation_counts.predicate AS "predicate",
  coalesce((SELECT name FROM entities WHERE entities.id = relation_counts.object_id), (SELECT value FROM relations WHERE relations.id = relation_id)) AS "object",
  relation_counts.articles AS "articles",
  relation_counts.confidence AS "confidence",
  relation_counts.start_date AS "start_date",
  relation_counts.end_date AS "end_date",
  relation_counts.first_seen AS "first_seen",
  relation_counts.last_seen AS "last_seen",
  (SELECT key FROM entities WHERE entities.id = relation_counts.subject_id) AS "subject_key",
  (SELECT key FROM entities WHERE entities.id = relation_counts.object_id) AS "object_key",
  (SELECT key FROM relations WHERE relations.id = relation_id) AS "key",
  relation_counts.relation_id AS "id"
FROM relation_counts;

CREATE VIEW "quote_index" AS SELECT
  quotes.surface AS "quote",
  (SELECT name FROM entities WHERE entities.id = quotes.speaker_id) AS "speaker",
  quotes.verb AS "verb",
  quotes.direct AS "direct",
  (SELECT title FROM articles WHERE articles.id = quotes.article_id) AS "article",
  (SELECT published FROM articles WHERE articles.id = quotes.article_id) AS "published",
  quotes.zone AS "zone",
  quotes.confidence AS "confidence",
  quotes.offset_status AS "offset_status",
  quotes.start_char AS "start_char",
  quotes.end_char AS "end_char",
  (SELECT key FROM entities WHERE entities.id = quotes.speaker_id) AS "speaker_key",
  (SELECT key FROM articles WHERE articles.id = quotes.article_id) AS "article_key",
  quotes.key AS "key",
  quotes.id AS "id"
FROM quotes;

CREATE VIEW "searched_texts" AS SELECT article_texts.article_id, coalesce(folded_texts.title, article_texts.title) AS title, coalesce(folded_texts.text, article_texts.text) AS text FROM article_texts LEFT JOIN folded_texts ON folded_texts.article_id = article_texts.article_id;

CREATE VIEW "searched_names" AS SELECT entities.id, coalesce(folded_names.name, entities.name) AS name, coalesce(folded_names.alias_text, entities.alias_text) AS alias_text FROM entities LEFT JOIN folded_names ON folded_names.entity_id = entities.id;

CREATE VIEW "searched_quotes" AS SELECT quotes.id, coalesce(folded_quotes.surface, quotes.surface) AS surface FROM quotes LEFT JOIN folded_quotes ON folded_quotes.quote_id = quotes.id;
