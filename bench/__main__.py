"""`python -m bench WORD`: seed, limits, http, scale, gate or report; each says what it measured."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from bench.words import main

sys.exit(main(sys.argv[1:]))
