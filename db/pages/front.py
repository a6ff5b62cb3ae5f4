"""The home page's own route: Datasette's counts every table for a list that we do not show."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response
from datasette.views.index import IndexView

from db.names import DATABASE

ROUTE = r"/$"


async def front_page(request: Any, send: Any, datasette: Any) -> Any:
    """The home page; Datasette's own where the knowledge base is not served. `/.json` stays Datasette's."""
    if DATABASE not in datasette.databases:
        request.scope["url_route"]["kwargs"]["format"] = None
        return await IndexView.as_view(datasette)(request, send)
    if request.method not in ("GET", "HEAD"):
        return Response.text("Method not allowed", status=405)
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
    html = await datasette.render_template(
        ["index.html"], {"metadata": datasette.metadata()}, request=request, view_name="index"
    )
    return Response.html(html)
