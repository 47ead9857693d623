"""Faults of what keeps guesses, slow clients and steep patterns from mattering."""

from tests.sabotage.faults import Fault

GUESSING = "tests/attacks/test_guessing.py"
SLOW = "tests/attacks/test_slow_clients.py"
STEPS = "tests/attacks/test_steps.py"
PROXY = "tests/attacks/test_proxy.py"
BOUNDS = "tests/attacks/test_bounds.py"

OF_GUESSING = (
    Fault("guessing", "a name is not counted over addresses", "web/accounts.py",
          "                    marks += _count_name(request, credentials)\n", "                    pass\n", GUESSING),
    Fault("guessing", "an address is not counted", "web/sign_in_limits.py",
          "    if not tries.may_try(mark, 1, A_MINUTE):", "    if False:", GUESSING),
    Fault("guessing", "a session is not counted", "web/sign_in_limits.py",
          "    if session and not tries.may_try(mark, SESSION_MINUTES, A_SESSION):", "    if False:", GUESSING),
    Fault("guessing", "whoever is slowed is not told for how long", "web/middleware.py",
          '                    response.headers["Retry-After"] = str(request.slowed_for or LOCKED_SECONDS)\n',
          "                    pass\n", GUESSING),
    Fault("guessing", "a known device stays known under another password", "web/known_devices.py",
          'mark_of("known device", device, str(key), password)', 'mark_of("known device", device, str(key))', GUESSING),
    Fault("guessing", "a device is known for everybody", "web/known_devices.py",
          "hmac.compare_digest(mark, _mark(device, person)) for mark in marks", "mark for mark in marks", GUESSING),
    Fault("guessing", "a device is known after half a sign-in", "web/known_devices.py",
          "        if request.user.is_authenticated and not was_in:\n",
          "        if response.status_code == 302:\n", GUESSING),
    Fault("guessing", "who signs in rightly is counted too", "web/accounts.py",
          "        for mark in marks if person else ():\n            tries.forget(mark)\n", "", GUESSING),
    Fault("guessing", "what was not looked at counts as a wrong password of a browser", "web/accounts.py",
          "                tries.forget(mark)\n", "                pass\n", GUESSING),
    Fault("guessing", "a session waits two hours for who went away", "web/idle.py",
          "IDLE = 15 * 60", "IDLE = 120 * 60", "tests/attacks/test_sign_in.py"),
    Fault("guessing", "a session lasts for days", "web/idle.py",
          "LONGEST = 12 * 3600", "LONGEST = 120 * 3600", "tests/attacks/test_sign_in.py"),
    Fault("guessing", "any code passes the limit of a name", "web/accounts.py",
          "if person is None or not _is_code_of(person, code):", "if person is None:", GUESSING),
    Fault("load", "threads read requests themselves", "config/supervisor.py",
          '"--worker-class", "config.web_server.WholeRequests", ', '"--worker-class", "gthread", ', SLOW),
    Fault("load", "a request may come in for ever", "config/web_server.py",
          "                channel.will_close = True\n", "                pass\n", SLOW),
    Fault("load", "a connection on which nothing comes stays open", "config/web_server.py",
          "            channel_timeout=IDLE_SECONDS,\n", "            channel_timeout=3600,\n", SLOW),
    Fault("load", "half a form reaches the application through the proxy", "deploy/nginx.conf",
          "proxy_request_buffering on;", "proxy_request_buffering off;", PROXY),
    Fault("load", "the proxy hands on what a client says of its address", "deploy/nginx.conf",
          "X-Forwarded-For $remote_addr;", "X-Forwarded-For $http_x_forwarded_for;", PROXY),
    Fault("load", "the proxy takes a form of any length", "deploy/nginx.conf",
          "client_max_body_size 8m;", "client_max_body_size 0;", PROXY),
    Fault("load", "a pattern takes the square of the text", "casework/input/finders/links.py",
          r'_CHAIN = re.compile(r"(?<![\w.@+-])[\w.@+-]*$")', r'_CHAIN = re.compile(r"[\w.@+-]*$")', STEPS),
    Fault("load", "stacked marks are put in order", "casework/input/screening.py",
          "    if stacked := find_stack(text):", '    if stacked := "":', STEPS),
    Fault("load", "a list takes as many items as are sent", "casework/input/read.py",
          "    if len(items) > MOST_ITEMS:", "    if False:", BOUNDS),
)  # fmt: skip
