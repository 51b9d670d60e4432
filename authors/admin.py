"""Authors and their registrations."""

from django.contrib import admin

from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation


class AuthorTranslationInline(admin.StackedInline):
    model = AuthorTranslation
    extra = 0
    min_num = 2
    max_num = 2


class RegistrationInline(admin.TabularInline):
    model = Registration
    extra = 0
    show_change_link = True


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["slug", "is_active", "website"]
    list_filter = ["is_active"]
    inlines = [AuthorTranslationInline, RegistrationInline]


class RegistrationTranslationInline(admin.TabularInline):
    model = RegistrationTranslation
    extra = 0
    min_num = 2
    max_num = 2


@admin.register(Registration)
class RegistrationAdmin(admin.ModelAdmin):
    list_display = ["author", "number", "checked_on", "valid_until"]
    list_select_related = ["author"]
    list_filter = ["checked_on", "valid_until"]
    inlines = [RegistrationTranslationInline]
