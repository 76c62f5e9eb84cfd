// node check_n3.mjs MEDIA_TYPE < document
// Reads Turtle, N-Triples or N-Quads with N3.js in its strict mode (a media type turns Notation3 off) and
// writes its triples as N-Triples, those of a named graph as N-Quads. No base is given: a document has to say its own.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The packages lie where the test put them, not beside this file.
const { Parser, Writer } = createRequire(`${process.env.NODE_PACKAGES}/`)('n3');

const triples = new Parser({ format: process.argv[2] }).parse(readFileSync(0, 'utf8'));
const writer = new Writer(process.stdout, { format: 'N-Triples', end: false });
writer.addQuads(triples);
writer.end();
