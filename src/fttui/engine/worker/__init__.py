"""The process that carries out one job. sqlite is its only way to and from the server."""
