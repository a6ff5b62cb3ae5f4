"""The steps of a merge, one a module: read, cluster, choose, name, derive, count."""
