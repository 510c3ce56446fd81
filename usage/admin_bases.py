"""What the meter's pages of the admin stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

__all__ = ["ModelAdmin", "ReadOnlyAdmin"]

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Subscriptable, as the type checker's stubs have it."""

        def __class_getitem__(cls, _: Any) -> type[admin.ModelAdmin]:
            return cls


class ReadOnlyAdmin(ModelAdmin[Model]):
    """Rows to search and to look at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
