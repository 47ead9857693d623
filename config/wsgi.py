"""The web process: it refuses to start with more power than it needs, and wakes the worker after a commit."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from casework.actions.intents import wake_with  # noqa: E402 - models need the application
from casework.worker.tasks import wake  # noqa: E402 - models need the application
from config.celery import app  # noqa: E402 - models need the application
from permissions.installing import TooPowerful, require_unprivileged_role  # noqa: E402 - models need the application

app.set_default()
wake_with(wake)
try:
    require_unprivileged_role()
except TooPowerful as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(3)  # gunicorn's own code for a worker that cannot boot, which ends the master too
