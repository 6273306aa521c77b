"""Static files by names that change with what is in them."""

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

IMPORT = (
    r"""(?P<matched>import(?s:(?P<import>[\s\{].*?))\s*from\s*["'](?P<url>\./[^"']+)["']\s*;)"""
)


class Named(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A script of ours names what it imports so too: after an upgrade no browser mixes old and new."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("web/js/*.js", ((IMPORT, 'import%(import)s from "%(url)s";'),)),
    )
