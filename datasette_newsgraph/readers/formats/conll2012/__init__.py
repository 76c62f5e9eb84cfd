"""Read the columns of CoNLL-2012: OntoNotes, LitBank and other corpora with coreference."""
