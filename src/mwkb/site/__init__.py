"""The reference site: a page for each term, fact, shape, rule and query, made from the files alone."""
