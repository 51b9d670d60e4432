"""What the picture library can be narrowed to."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.image_forms import own_credit, recent_slugs
from articles.image_uses import used_images
from articles.models import Image


class UseFilter(admin.SimpleListFilter):
    """Shown by some text or publication, or by none."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("used", _("Used")), ("unused", _("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() not in {"used", "unused"}:
            return queryset
        return used_images(queryset).filter(is_used=self.value() == "used")


class KindFilter(admin.SimpleListFilter):
    """Photographs or drawings."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("photograph", _("Photographs")), ("drawing", _("Drawings"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "photograph":
            return queryset.filter(svg="")
        return queryset.exclude(svg="") if self.value() == "drawing" else queryset


class RightsFilter(admin.SimpleListFilter):
    """What readers are owed about a picture and do not get."""

    title = _("credit and licence")
    parameter_name = "rights"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("credit", _("Without a credit")), ("licence", _("Without a licence"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "credit":
            return queryset.filter(credit="")
        if self.value() == "licence":
            return queryset.filter(Q(licence="") & ~Q(credit=own_credit()))
        return queryset


class ArticleFilter(admin.SimpleListFilter):
    """One article's own pictures, by the end of its address: a list of all would not end."""

    title = _("article")
    parameter_name = "article"
    template = "admin/articles/image/article_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        slug = (self.value() or "").strip()
        return queryset.filter(article__slug=slug) if slug else queryset

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """One entry: what is asked now, what else is asked, and what to suggest."""
        others = changelist.get_filters_params().items()
        yield {
            "value": self.value() or "",
            "others": [(name, values[-1]) for name, values in others if name != "article"],
            "query": changelist.query,
            "slugs": recent_slugs(),
            "clear": changelist.get_query_string(remove=["article"]),
        }
