"""The worker's app: broker, schedule, and nothing else."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from kombu.transport.sqlalchemy import Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.settings import ENVIRONMENT
from permissions.installing import TooPowerful, require_unprivileged_role

SWEEP_SECONDS = float(os.environ.get("SWEEP_SECONDS", "30"))

Transport.polling_interval = 0.2

app = Celery("schakel", broker=ENVIRONMENT.broker_url)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_serializer="json",
    accept_content=["json"],
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"max_retries": 1},
    task_publish_retry=False,
    timezone="UTC",
    beat_schedule={
        "sweep": {"task": "casework.tasks.sweep", "schedule": SWEEP_SECONDS},
        "reconcile_rows": {"task": "casework.tasks.reconcile_rows", "schedule": 300.0},
        "reconcile_all_rows": {
            "task": "casework.tasks.reconcile_rows",
            "schedule": crontab(hour="2", minute="17"),
            "kwargs": {"entirely": True},
        },
        "destroy_entries": {"task": "casework.tasks.destroy_entries", "schedule": crontab(hour="4", minute="17")},
        "reconcile_access": {"task": "casework.tasks.reconcile_access", "schedule": crontab(hour="3", minute="17")},
    },
)
app.autodiscover_tasks(["casework.worker"])


@worker_init.connect
def check_power(**_: object) -> None:
    """Refuse to work as a role that could read past the lock."""
    try:
        require_unprivileged_role()
    except TooPowerful as error:
        raise SystemExit(f"{error}") from error
