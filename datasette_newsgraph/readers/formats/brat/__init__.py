"""Read brat standoff: a folder with pairs of ``a.txt`` and ``a.ann``, or one such pair."""
