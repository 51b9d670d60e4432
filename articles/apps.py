from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from articles import audit, indexnow  # noqa: F401 (registers its checks of the settings)

        audit.listen()
        pre_migrate.connect(_remove_triggers, sender=self, dispatch_uid="articles.triggers")
        post_migrate.connect(_install_triggers, sender=self, dispatch_uid="articles.triggers")


def _remove_triggers(using: str, **kwargs) -> None:
    from articles.content_triggers import remove_content_triggers
    from articles.triggers import remove_triggers

    remove_triggers(connections[using])
    remove_content_triggers(connections[using])


def _install_triggers(using: str, **kwargs) -> None:
    from articles.content_triggers import install_content_triggers
    from articles.triggers import install_triggers

    install_triggers(connections[using])
    install_content_triggers(connections[using])
