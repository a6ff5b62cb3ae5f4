"""The bundled sample newsroom: our own articles, served by five publishers with pages of their own."""
