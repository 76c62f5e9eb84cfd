"""Read tables of words with tags, as Kaggle has them of the Groningen Meaning Bank."""
