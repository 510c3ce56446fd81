"""The admin carries the product's own name, and what libraries bring to it asks for permissions as our own does."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.views.generic import RedirectView
from django_celery_beat.admin import PeriodicTaskAdmin

from accounts.library_admin import replace as replace_library_tables

# The admin's own form knows no second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Nor does it write the trail, tell by mail or close sockets when operators change their own password: one page for everybody.
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore[assignment]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Everything at a glance"

replace_library_tables()

# Actions that say nothing may be carried out by every operator who may look at the table.
for _name in ("enable_tasks", "disable_tasks", "toggle_tasks", "run_tasks"):
    _deed: Any = getattr(PeriodicTaskAdmin, _name)
    _deed.allowed_permissions = ["change"]
