"""How the gateway stands: its troubles as answers, its health, its figures."""

from collections.abc import Callable
from html import escape

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Engine, text

from gateway.desk.door import busy_page
from gateway.door import refusal_of, response
from gateway.page import Language, chosen_language, page
from gateway.troubles import EXPECTED, TOLD, Trouble, trouble_of
from gateway.watch import Waiting, Watch
from kiosk.wire.messages import HealthMessage

_MACHINES, _STAFF = "/v1/", "/desk/"
_WORDS = {
    Language.CHINESE: ("政务服务大厅", "暂时无法查询", "系统正在恢复，请过几分钟再试。"),
    Language.ENGLISH: ("Government service hall", "Not available just now", "Please try again in a few minutes."),
}


def add_troubles(app: FastAPI, watch: Watch) -> None:
    """Expected trouble below is answered in the wire's words, and a browser with a page: staff with the
    desk's."""

    def answer(request: Request, error: Exception) -> Response:
        trouble = trouble_of(error)
        watch.troubled(_address(request), trouble)
        if request.url.path.startswith(_MACHINES):
            return refusal_of(trouble)
        if request.url.path.startswith(_STAFF):
            return busy_page()
        return _page(chosen_language(request.query_params.get("lang"), request.headers.get("accept-language")), trouble)

    for expected in EXPECTED:
        app.add_exception_handler(expected, answer)


def add_health(app: FastAPI, engine: Engine, watch: Watch, health: Callable[[str | None], HealthMessage]) -> None:
    """``/v1/health``: well only while the database answers and the last record found room. With ``?key=`` it tells how
    the terminal with this key id stands."""

    @app.get("/v1/health")
    def told(key: str | None = None) -> Response:
        with engine.connect() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version"))
        stuck = watch.storage
        return response(health(key)) if stuck is None else refusal_of(stuck)


def add_metrics(app: FastAPI, watch: Watch, waiting: Waiting) -> None:
    """``/metrics`` for Prometheus; for the hall's own network, which the proxy sees to."""

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(watch.exposition(waiting), media_type=CONTENT_TYPE_LATEST)


def _address(request: Request) -> str:
    """As it was declared, so that nothing a visitor wrote gets into the log: FastAPI names its own routes, and those
    it did not make have addresses without places to fill."""
    declared = getattr(request.scope.get("route"), "path", None)
    if declared is None:
        fixed = (getattr(route, "path", None) for route in request.app.routes)
        declared = next((path for path in fixed if path == request.url.path), "")
    return str(declared)


def _page(language: Language, trouble: Trouble) -> Response:
    house, headline, advice = _WORDS[language]
    body = f"""<section class="band unknown" role="alert"><div><h1>{escape(headline)}</h1>
<p>{escape(advice)}</p></div></section>"""
    return page(language, headline, house, body, "", status=TOLD[trouble].status)
