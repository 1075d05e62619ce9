"""Commands that write what follows from sources: documents, overviews, policies, locks."""
