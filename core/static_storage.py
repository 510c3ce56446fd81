"""Hashed, compressed static files, with the imports of our own ES modules rewritten to the hashed names."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # A file that is missing from the manifest is a missing style, not a page that fails.
    manifest_strict = False
    # Only below static/js/: packages ship modules whose bare imports are no files.
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]))  # type: ignore[attr-defined]
