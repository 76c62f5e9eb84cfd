"""What language models write when they are asked for entities and relations as JSON.

Every prompt names the parts otherwise. ``keys`` has the keys that are known, and ``roles`` decides
which of them a list has. ``answers`` opens what interfaces wrap around the JSON, ``loose_json`` reads
JSON in a fence or broken off, and ``lists`` finds the lists of things and of links.
"""
