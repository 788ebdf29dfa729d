"""How content becomes frozen editions: templates, inlining, plain text, images."""
