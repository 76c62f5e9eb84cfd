// node check_jsonld.mjs < document
// Reads JSON-LD with jsonld.js in safe mode, in which it fails where it would else drop something,
// and writes its triples as N-Quads. Whatever it would fetch is an error.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The packages lie where the test put them, not beside this file.
const jsonld = createRequire(`${process.env.NODE_PACKAGES}/`)('jsonld');

const refuse = (url) => {
  throw new Error(`${url} would be fetched`);
};
const document = JSON.parse(readFileSync(0, 'utf8'));
try {
  process.stdout.write(
    await jsonld.toRDF(document, { format: 'application/n-quads', safe: true, documentLoader: refuse }),
  );
} catch (error) {
  console.error(error.message, JSON.stringify(error.details ?? {}).slice(0, 1000));
  process.exitCode = 1;
}
