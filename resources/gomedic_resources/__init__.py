"""Keys, translations, icons and snippets: data files, read with importlib.resources."""
