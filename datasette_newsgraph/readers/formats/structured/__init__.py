"""Structured output of language models."""
