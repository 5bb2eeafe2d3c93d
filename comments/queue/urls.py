"""URLs of the queue, below those of the admin."""

from django.urls import path

from comments.queue import action_views, views
from comments.queue.responses import for_moderators
from comments.queue.tabs import Tab

app_name = "queue"


def _of_one(tail, view, name):
    return path(f"<int:pk>/{tail}", for_moderators(view), name=name)


urlpatterns = [
    path("news/", for_moderators(views.news), name="news"),
    path("bulk/", for_moderators(action_views.bulk), name="bulk"),
    path("undo/", for_moderators(action_views.undo), name="undo"),
    *(
        path(f"{each}/", for_moderators(views.tab), {"tab": each}, name=f"tab_{each}")
        for each in Tab
    ),
    _of_one("", views.comment, "comment"),
    _of_one("panels/", views.panels, "panels"),
    _of_one("claim/", views.review, "claim"),
    _of_one("decision/", action_views.decision, "decision"),
    _of_one("note/", action_views.note, "note"),
    _of_one("writer/", action_views.writer, "writer"),
    _of_one("private-note/", action_views.private_note, "private_note"),
    _of_one("lock/", action_views.lock, "lock"),
    _of_one("care/", action_views.care, "care"),
    _of_one("care/colleague/", action_views.hand_over, "colleague"),
    _of_one("care/closing/", action_views.closing, "closing"),
    _of_one("answer/", action_views.answer, "answer"),
]
