"""Stages 1 and 2 together: from what is given to articles that are ready to be stored."""
