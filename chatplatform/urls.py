"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from chatplatform import diagrams, errors, health, views
from chatplatform.gallery.urls import for_developers
from chatplatform.manifest import manifest
from conversations.views import chat_settings
from conversations.views.search import search_page

urlpatterns = [
    path("", views.landing, name="landing"),
    path("accounts/", include("accounts.door_urls")),
    path("accounts/", include("allauth.urls")),
    path("settings/chat/", chat_settings.preferences, name="chat-preferences"),
    path("", include("conversations.share_urls")),
    path("settings/import/", include("conversations.import_urls")),
    path("settings/notifications/", include("notifications.urls")),
    path("settings/", include("accounts.urls")),
    path("c/", include("conversations.urls")),
    path("search/", search_page, name="search"),
    path("usage/", include("usage.urls")),
    path("admin/", admin.site.urls),
    path("diagrams/frame/", diagrams.frame, name="diagram-frame"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    *for_developers(),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
