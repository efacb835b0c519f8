"""What is published about files: the JSON Schema of a release, for programs that read them. It tells of no client."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.releases.document import schema
from app.web.access import access

router = APIRouter()


@router.get(f"/schemas/{schema.NAME}", name="reports:schema")
@access("public")
def release_schema() -> Response:
    """The schema of the JSON file of a result."""
    return Response(schema.published(), media_type=schema.MEDIA_TYPE, headers={"Cache-Control": "public, max-age=3600"})
