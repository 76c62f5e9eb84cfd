// node check_jsonld_stream.mjs < document
// Reads JSON-LD in the form for streams with jsonld-streaming-parser, which holds nothing back then and fails
// where @type comes too late, and writes its triples as N-Quads.
import { createRequire } from 'node:module';

// The packages lie where the test put them, not beside this file.
const require = createRequire(`${process.env.NODE_PACKAGES}/`);
const { JsonLdParser } = require('jsonld-streaming-parser');
const { Writer } = require('n3');

const documentLoader = {
  load: async (url) => {
    throw new Error(`${url} would be fetched`);
  },
};
const parser = new JsonLdParser({ streamingProfile: true, documentLoader });
const writer = new Writer(process.stdout, { format: 'N-Quads', end: false });
process.stdin
  .pipe(parser)
  .on('data', (quad) => writer.addQuad(quad))
  .on('end', () => writer.end())
  .on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
