"""Datasette's own pages of our tables and views: cells, facets, filters, menus, metadata."""
