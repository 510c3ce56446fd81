"""The web process: pages over HTTP, one read-only WebSocket at `/ws/`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")

from core.garbage import keep_what_is_loaded, leave_garbage

leave_garbage()

from chatplatform.http import get_http_application  # noqa: E402

http = get_http_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import get_resolver, path  # noqa: E402

from chatplatform.flow import keep_memory_flat  # noqa: E402
from chatplatform.front_door import FrontDoor  # noqa: E402
from chatplatform.lifespan import Lifespan  # noqa: E402
from chatplatform.sockets import OpenAccountsOnly  # noqa: E402
from realtime.consumers import LiveConsumer  # noqa: E402
from realtime.origin import SameOriginOnly  # noqa: E402

keep_memory_flat()

application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": FrontDoor(http),
            "websocket": SameOriginOnly(AuthMiddlewareStack(OpenAccountsOnly(URLRouter([path("ws/", LiveConsumer.as_asgi())])))),
        }
    )
)

tuple(get_resolver().url_patterns)  # every page's code, which the first visitor would otherwise wait for
keep_what_is_loaded()
