"""Articles and their texts. Saving stores a revision; only the actions change the public site."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import checking, services
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    Callout,
    Claim,
    Contribution,
    Figure,
    ProductMention,
    Publication,
    Reference,
    Statement,
    Topic,
    TopicTranslation,
)


class TopicTranslationInline(admin.TabularInline):
    model = TopicTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["slug", "position"]
    inlines = [TopicTranslationInline]


class ContributionInline(admin.TabularInline):
    model = Contribution
    extra = 0


class ArticleSlugInline(admin.TabularInline):
    model = ArticleSlug
    extra = 0


class ReferenceInline(admin.StackedInline):
    model = Reference
    extra = 0
    show_change_link = True


class ClaimInline(admin.TabularInline):
    model = Claim
    extra = 0
    filter_horizontal = ["references"]


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ["slug", "kind", "source_language", "created_at"]
    list_filter = ["kind", "topics"]
    search_fields = ["slug", "translations__title"]
    filter_horizontal = ["topics"]
    inlines = [ContributionInline, ReferenceInline, ClaimInline, ArticleSlugInline]


class FigureInline(admin.StackedInline):
    model = Figure
    extra = 0


class CalloutInline(admin.StackedInline):
    model = Callout
    extra = 0


class ProductMentionInline(admin.StackedInline):
    model = ProductMention
    extra = 0
    max_num = 1


class StatementInline(admin.StackedInline):
    model = Statement
    extra = 0


@admin.register(ArticleTranslation)
class ArticleTranslationAdmin(admin.ModelAdmin):
    """One text in one language."""

    list_display = ["title", "article", "language", "public_state", "version"]
    list_filter = ["language", "article__kind"]
    list_select_related = ["article"]
    search_fields = ["title", "article__slug"]
    inlines = [FigureInline, CalloutInline, ProductMentionInline, StatementInline]
    actions = [
        "publish_first",
        "publish_clarification",
        "publish_correction_of_typo",
        "withdraw",
        "restore",
    ]

    def get_queryset(self, request: HttpRequest):
        published = Publication.objects.readable().values("translation")
        return (
            super()
            .get_queryset(request)
            .annotate(
                is_readable=Exists(published.filter(translation=OuterRef("pk"))),
            )
        )

    @admin.display(description=gettext_lazy("public"), boolean=True)
    def public_state(self, translation: ArticleTranslation) -> bool:
        return translation.is_readable

    def save_related(self, request, form, formsets, change) -> None:
        """After the text and everything it places are stored: keep the whole as a revision."""
        super().save_related(request, form, formsets, change)
        services.save_revision(form.instance, user=request.user)
        findings = checking.findings_for(form.instance)
        for finding in findings:
            level = messages.ERROR if finding.is_stop else messages.WARNING
            self.message_user(request, f"{finding.place}: {finding.message}", level)
        if not any(finding.is_stop for finding in findings):
            self.message_user(
                request, _("Saved. Readers see the change when it is published."), messages.INFO
            )

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.add_publication")

    @admin.action(description=gettext_lazy("Publish for the first time"), permissions=["publish"])
    def publish_first(self, request, queryset):
        self._publish(request, queryset, Publication.Change.FIRST)

    @admin.action(description=gettext_lazy("Publish clearer wording"), permissions=["publish"])
    def publish_clarification(self, request, queryset):
        self._publish(request, queryset, Publication.Change.CLARIFICATION)

    @admin.action(
        description=gettext_lazy("Publish the correction of a typing error"),
        permissions=["publish"],
    )
    def publish_correction_of_typo(self, request, queryset):
        self._publish(request, queryset, Publication.Change.TYPO)

    @admin.action(
        description=gettext_lazy("Withdraw (the reason is taken from the text's form)"),
        permissions=["publish"],
    )
    def withdraw(self, request, queryset):
        for translation in queryset:
            self._attempt(
                request,
                translation,
                lambda text: services.withdraw(text, note=text.withdrawal_note, user=request.user),
                _("withdrawn"),
            )

    @admin.action(description=gettext_lazy("Undo a withdrawal"), permissions=["publish"])
    def restore(self, request, queryset):
        for translation in queryset:
            self._attempt(
                request,
                translation,
                lambda text: services.undo_withdrawal(text, user=request.user),
                _("restored"),
            )

    def _publish(self, request: HttpRequest, queryset, change: str) -> None:
        for translation in queryset:
            self._attempt(
                request,
                translation,
                lambda text: services.publish(text, change=change, user=request.user),
                _("published"),
            )

    def _attempt(self, request, translation, act, done: str) -> None:
        """Do one thing to one text, and say what happened."""
        try:
            with transaction.atomic():
                act(translation)
        except services.EditorialError as error:
            for line in str(error).split("\n"):
                self.message_user(request, f"{translation}: {line}", messages.ERROR)
        else:
            self.message_user(request, f"{translation}: {done}", messages.SUCCESS)
