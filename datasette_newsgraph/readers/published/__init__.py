"""What publishers write of their articles: schema.org, ninjs, RSS, Atom, and pages with JSON-LD.

Each module makes rows of it, with the names that ``sidecar_fields`` knows. Articles that are given
beside annotations, raw articles and the names that publishers state are read by the same.
"""
