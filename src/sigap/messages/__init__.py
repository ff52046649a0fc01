"""Message catalogues: <room>.id.toml and <room>.en.toml, one table per code with title and detail."""
