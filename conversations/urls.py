"""Addresses below `/c/`."""

from django.urls import path

from conversations.views import actions, chat_settings, documents, edit, export, feedback, lists, menus, messages, organise, pages, shares
from conversations.views.search import around

app_name = "conversations"

urlpatterns = [
    path("", pages.new, name="new"),
    path("list/", lists.conversations, name="list"),
    path("export.json", export.export_all, name="export_all"),
    path("<uuid:conversation_id>/", pages.detail, name="detail"),
    path("<uuid:conversation_id>/export.json", export.export_one, name="export_json"),
    path("<uuid:conversation_id>/log/", messages.latest, name="log"),
    path("<uuid:conversation_id>/older/", messages.older, name="older"),
    path("<uuid:conversation_id>/options/", organise.options, name="options"),
    path("<uuid:conversation_id>/rename/", organise.rename, name="rename"),
    path("<uuid:conversation_id>/pin/", organise.pin, name="pin"),
    path("<uuid:conversation_id>/unpin/", organise.unpin, name="unpin"),
    path("<uuid:conversation_id>/move/", organise.move, name="move"),
    path("<uuid:conversation_id>/archive/", organise.archive, name="archive"),
    path("<uuid:conversation_id>/unarchive/", organise.unarchive, name="unarchive"),
    path("<uuid:conversation_id>/delete/", organise.delete, name="delete"),
    path("<uuid:conversation_id>/restore/", organise.restore, name="restore"),
    path("<uuid:conversation_id>/read/", organise.read, name="read"),
    path("<uuid:conversation_id>/system/", chat_settings.system_prompt, name="system"),
    path("<uuid:conversation_id>/keep/", chat_settings.keep, name="keep"),
    path("models/", chat_settings.models, name="models"),
    path("tokens/", chat_settings.tokens, name="tokens"),
    path("<uuid:conversation_id>/share/", shares.share, name="share"),
    path("<uuid:conversation_id>/export/", documents.choose, name="export"),
    path("<uuid:conversation_id>/export.md", documents.markdown, name="export_markdown"),
    path("<uuid:conversation_id>/print/", documents.print_view, name="print"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/", messages.one, name="message"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/around/", around, name="around"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/source/", messages.source, name="source"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/stop/", actions.stop, name="stop"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/regenerate/", actions.regenerate, name="regenerate"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/continue/", actions.go_on, name="continue"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/show/", actions.show, name="show"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/edit/", edit.edit, name="edit"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/fork/", actions.fork, name="fork"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/delete/", actions.delete, name="delete_branch"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/restore/", actions.restore, name="restore_branch"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/rate/", feedback.rate, name="rate"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/feedback/", feedback.feedback, name="feedback"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/more/", menus.more, name="more"),
    path("<uuid:conversation_id>/m/<uuid:message_id>/models/", menus.models, name="answer_models"),
]
