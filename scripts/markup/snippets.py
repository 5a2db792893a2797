"""Markdown extension: a page that includes a generated piece which isn't there ends the build, in one line.

pymdownx.snippets would end it as well (`check_paths`), but with a traceback and without the line.
"""

import re
from difflib import get_close_matches
from pathlib import Path

from markdown import Extension
from markdown.preprocessors import Preprocessor
from mkdocs.exceptions import BuildError

from markup.maths import locate

INCLUSION = re.compile(r'\s*--8<-- "([^"]+)"\s*')


class SnippetsPreprocessor(Preprocessor):
    """Looks for each included piece before pymdownx.snippets does."""

    def __init__(self, md, docs):
        super().__init__(md)
        self.docs = Path(docs)

    def run(self, lines):
        generated = self.docs / "generated"
        for line in lines:
            included = INCLUSION.fullmatch(line)
            if included and not (generated / included[1]).is_file():
                pieces = [path.relative_to(generated).as_posix() for path in generated.rglob("*.*")]
                closest = get_close_matches(included[1], pieces, 1)
                raise BuildError(
                    f'{locate(self.docs, "", line.strip())}: there is no "{included[1]}" in {generated.as_posix()}'
                    + (f', but "{closest[0]}"' if closest else "")
                )
        return lines


class SnippetsExtension(Extension):
    """Registers the preprocessor just before pymdownx.snippets (priority 32)."""

    def __init__(self, **kwargs):
        self.config = {"docs": ["docs", "Holds the pages, and the generated pieces in its folder generated"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md):
        md.preprocessors.register(SnippetsPreprocessor(md, self.getConfig("docs")), "snippet-paths", 33)


def makeExtension(**kwargs):
    """Entry point that Python-Markdown looks for."""
    return SnippetsExtension(**kwargs)
