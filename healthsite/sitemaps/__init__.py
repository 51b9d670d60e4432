"""Sitemaps: what search engines may index, by the protocol of sitemaps.org 0.9."""
