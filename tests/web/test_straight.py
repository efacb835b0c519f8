"""A route that is run in one go refuses, when it is made, what it could not give."""

import pytest
from fastapi import APIRouter, Depends, Request, Response

from app.web.straight import StraightRoute


def test_a_dependency_that_nobody_would_ask_for_is_refused():
    router = APIRouter(route_class=StraightRoute)

    def page(request: Request) -> Response:
        return Response(request.url.path)

    router.get("/one")(page)
    with pytest.raises(TypeError, match="no other dependencies"):
        router.get("/two", dependencies=[Depends(lambda: None)])(page)


def test_a_parameter_that_it_does_not_know_is_refused():
    router = APIRouter(route_class=StraightRoute)

    def page(number: int) -> Response:
        return Response(str(number))

    with pytest.raises(TypeError, match="can't give the parameter number"):
        router.get("/three")(page)
