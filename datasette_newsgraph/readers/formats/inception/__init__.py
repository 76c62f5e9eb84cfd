"""Read project exports of INCEpTION and WebAnno: an archive, or the folder that it unpacks to."""
