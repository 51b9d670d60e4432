from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class HealthsiteConfig(AppConfig):
    name = "healthsite"


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, with the editor's desk as ``admin.site``."""

    # Else Django, asked for "healthsite", could not tell which of the two is meant.
    default = False
    default_site = "healthsite.desk_site.DeskSite"
