"""The web process: pages over HTTP, one read-only WebSocket at `/ws/`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")

from chatplatform.http import get_http_application

http = get_http_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from chatplatform.flow import follow_the_readers_pace  # noqa: E402
from chatplatform.front_door import FrontDoor  # noqa: E402
from chatplatform.lifespan import Lifespan  # noqa: E402
from chatplatform.sockets import OpenAccountsOnly  # noqa: E402
from realtime.consumers import LiveConsumer  # noqa: E402
from realtime.origin import SameOriginOnly  # noqa: E402

follow_the_readers_pace()

application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": FrontDoor(http),
            "websocket": SameOriginOnly(AuthMiddlewareStack(OpenAccountsOnly(URLRouter([path("ws/", LiveConsumer.as_asgi())])))),
        }
    )
)
