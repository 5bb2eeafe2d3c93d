"""Addresses of the queue, below those of the admin."""

from django.urls import path

from comments.queue import act_views, views
from comments.queue.desk import for_moderators
from comments.queue.tabs import Tab

app_name = "queue"


def _of_one(tail, view, name):
    return path(f"<int:pk>/{tail}", for_moderators(view), name=name)


urlpatterns = [
    path("news/", for_moderators(views.news), name="news"),
    path("bulk/", for_moderators(act_views.bulk), name="bulk"),
    path("undo/", for_moderators(act_views.undo), name="undo"),
    *(
        path(f"{each}/", for_moderators(views.tab), {"tab": each}, name=f"tab_{each}")
        for each in Tab
    ),
    _of_one("", views.comment, "comment"),
    _of_one("panels/", views.panels, "panels"),
    _of_one("claim/", views.claim, "claim"),
    _of_one("decision/", act_views.decision, "decision"),
    _of_one("note/", act_views.note, "note"),
    _of_one("writer/", act_views.writer, "writer"),
    _of_one("private-note/", act_views.private_note, "private_note"),
    _of_one("lock/", act_views.lock, "lock"),
    _of_one("care/", act_views.care, "care"),
    _of_one("care/colleague/", act_views.colleague, "colleague"),
    _of_one("care/closing/", act_views.closing, "closing"),
    _of_one("answer/", act_views.answer, "answer"),
]
