"""A peer's server for `peer`: Django with django-eventstream, as its own page says to set it up.

Run in an environment of its own that has it: `PORT`, with PEER_DATABASE. A GET is the library's own
stream of one channel. A POST writes one row, and sends one event of the size of ours. The library can keep
its events in the database, so that a stream that was cut goes on; then each stream holds a connection of its
own, and PostgreSQL's hundred were used up at 91 streams. So here nothing is kept.
"""

import os
import sys
from uuid import uuid4

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

found = conninfo_to_dict(os.environ["PEER_DATABASE"])
settings.configure(
    DEBUG=False,
    SECRET_KEY="only for benchmarks",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "daphne",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django_eventstream",
    ],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": found["dbname"],
            "USER": found.get("user", ""),
            "PASSWORD": found.get("password", ""),
            "HOST": found.get("host", ""),
            "PORT": str(found.get("port", "")),
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

import django_eventstream  # noqa: E402 - Django is set up first
from django.core.asgi import get_asgi_application  # noqa: E402 - as above
from django.core.management import call_command  # noqa: E402 - as above
from django.db import connection  # noqa: E402 - as above
from django.http import HttpRequest, JsonResponse  # noqa: E402 - as above
from django.urls import include, path  # noqa: E402 - as above
from django.views.decorators.csrf import csrf_exempt  # noqa: E402 - as above

FRAME_BYTES = int(os.environ.get("PEER_FRAME_BYTES", "2000"))


@csrf_exempt
def take_call(_request: HttpRequest) -> JsonResponse:
    key = str(uuid4())
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO peer_call (id) VALUES (%s)", [key])
    django_eventstream.send_event("board", "row", {"key": key, "html": "x" * FRAME_BYTES})
    return JsonResponse({"episode_id": key})


urlpatterns = [
    path("live", include(django_eventstream.urls), {"channels": ["board"]}),
    path("api/v1/calls", take_call),
]
application = get_asgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS peer_call (id uuid PRIMARY KEY)")
    connection.close()
    from daphne.cli import CommandLineInterface

    sys.modules["peer_eventstream"] = sys.modules[__name__]
    CommandLineInterface().run(
        ["-v", "0", "-p", sys.argv[1], "-b", "127.0.0.1", "peer_eventstream:application"]
    )
