"""Hashed, compressed static files, with the imports of our own ES modules rewritten to the hashed names."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # Only below static/js/: packages ship modules whose bare imports are no files.
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]))  # type: ignore[attr-defined]
