"""The admin carries the product's own name."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin

# The admin's own form knows no second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Everything at a glance"
