"""`/settings/notifications/`."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("", views.choices, name="notification-choices"),
    path("stop/<str:signed>/", views.stop, name="stop-mails"),
    path("stop/<str:signed>/undo/", views.undo_stop, name="stop-mails-undo"),
]
