"""Documentation of an HTTP API, enough to write an OpenAPI document. Copy this file and change it as you like."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class Property(BaseModel):
    """One field of a body or model."""

    name: Annotated[
        str | None,
        Field(title="Name", description="Name as printed, nested ones as a.b and lists as a[]."),
        Aliases("Name", "Field", "Property"),
    ] = None
    type: Annotated[
        str | None,
        Field(title="Type", description="Type as printed: string, integer, array of strings, the name of a model."),
        Aliases("Type", "Format", "Schema"),
    ] = None
    required: Annotated[
        bool | None,
        Field(title="Required", description="Whether it must be given."),
        Aliases("Required", "Mandatory"),
        Evidence.inferred,
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="What it means, as printed."),
        Aliases("Description"),
        Merge.longest,
    ] = None


class Parameter(BaseModel):
    """One parameter of an operation."""

    name: Annotated[
        str | None, Field(title="Name", description="Name as printed."), Aliases("Name", "Parameter", "Field")
    ] = None
    in_: Annotated[
        Literal["path", "query", "header", "cookie"] | None,
        Field(alias="in", title="In", description="Where it is sent: path, query, header or cookie."),
        Aliases("In", "Location", "Parameter type"),
        Evidence.inferred,
    ] = None
    required: Annotated[
        bool | None,
        Field(title="Required", description="Whether it must be given."),
        Aliases("Required", "Mandatory"),
        Evidence.inferred,
    ] = None
    type: Annotated[
        str | None,
        Field(title="Type", description="Type as printed, for instance string, integer (int64), array[string]."),
        Aliases("Type", "Data type", "Format", "Schema"),
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="What it means, as printed."),
        Aliases("Description"),
        Merge.longest,
    ] = None

    model_config = ConfigDict(populate_by_name=True)


class RequestBody(BaseModel):
    """What is sent with a request."""

    content_type: Annotated[
        str | None,
        Field(title="Content type", description="Media type, for instance application/json."),
        Aliases("Content-Type", "Request content type", "Media type", "Consumes"),
    ] = None
    fields: Annotated[
        list[Property],
        Field(title="Fields", description="Fields of the body."),
        Aliases("Request body", "Body parameters", "Schema"),
        Merge.by_key("name"),
    ] = []
    example: Annotated[
        str | None,
        Field(title="Example", description="The example of the body exactly as printed, where it is JSON and whole."),
        Aliases("Example", "Sample", "Example value", "Request sample"),
        Merge.first,
    ] = None


class Response(BaseModel):
    """One answer of an operation."""

    status: Annotated[
        str | None,
        Field(title="Status", description="Status code as printed, or default."),
        Aliases("Code", "Status", "HTTP status"),
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="What it means, as printed."),
        Aliases("Description", "Meaning"),
        Merge.longest,
    ] = None
    fields: Annotated[
        list[Property],
        Field(title="Fields", description="Fields of the answer's body."),
        Aliases("Response schema", "Response body", "Schema"),
        Merge.by_key("name"),
    ] = []
    example: Annotated[
        str | None,
        Field(title="Example", description="The example of the body exactly as printed, where it is JSON and whole."),
        Aliases("Example", "Sample", "Example value", "Response sample"),
        Merge.first,
    ] = None


class Operation(BaseModel):
    """One method on one path."""

    method: Annotated[
        str | None, Field(title="Method", description="HTTP method in capitals."), Aliases("Method", "Verb")
    ] = None
    path: Annotated[
        str | None,
        Field(title="Path", description="Path with {parameters}, without the server; whole, never cut short."),
        Aliases("Path", "Endpoint", "URL", "Resource", "Route"),
    ] = None
    summary: Annotated[
        str | None,
        Field(title="Summary", description="The short title of the operation."),
        Aliases("Summary", "Description", "Title"),
        Merge.longest,
    ] = None
    tags: Annotated[
        list[str],
        Field(title="Tags", description="The groups that the operation stands under."),
        Aliases("Tags", "Group", "Section"),
        Merge.union,
    ] = []
    parameters: Annotated[
        list[Parameter],
        Field(title="Parameters", description="Path, query, header and cookie parameters in the order printed."),
        Aliases("Parameters", "Query parameters", "Path parameters", "Header parameters"),
        Merge.by_key("name", "in"),
    ] = []
    request_body: Annotated[
        RequestBody | None,
        Field(title="Request body", description="Null where none is shown."),
        Aliases("Request body", "Body", "Payload"),
    ] = None
    responses: Annotated[
        list[Response],
        Field(title="Responses", description="Every answer shown."),
        Aliases("Responses", "Response codes", "Returns"),
        Merge.by_key("status"),
    ] = []
    deprecated: Annotated[
        bool | None,
        Field(title="Deprecated", description="True where it is marked deprecated."),
        Aliases("Deprecated"),
        Evidence.inferred,
    ] = None


class Model(BaseModel):
    """One named schema."""

    name: Annotated[
        str | None, Field(title="Name", description="Name as printed."), Aliases("Model", "Schema", "Object")
    ] = None
    description: Annotated[
        str | None, Field(title="Description", description="What it is, as printed."), Aliases("Description")
    ] = None
    fields: Annotated[
        list[Property],
        Field(title="Fields", description="Its fields in the order printed."),
        Aliases("Fields", "Properties", "Attributes"),
        Merge.by_key("name"),
    ] = []


class SecurityScheme(BaseModel):
    """One way to prove who asks."""

    name: Annotated[
        str | None, Field(title="Name", description="Name as printed."), Aliases("Name", "Authorization")
    ] = None
    type: Annotated[
        str | None,
        Field(title="Type", description="apiKey, http, oauth2 or openIdConnect, as printed."),
        Aliases("Type", "Scheme"),
    ] = None
    in_: Annotated[
        Literal["query", "header", "cookie"] | None,
        Field(alias="in", title="In", description="Where a key is sent."),
        Aliases("In"),
        Evidence.inferred,
    ] = None
    parameter: Annotated[
        str | None,
        Field(title="Parameter", description="Name of the header or parameter that carries a key."),
        Aliases("Header parameter name"),
    ] = None

    model_config = ConfigDict(populate_by_name=True)


class Api(BaseModel):
    """An HTTP API: its operations with parameters, bodies and responses, servers and models."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "apidocs", "x-artifacts": ["openapi"]})

    title: Annotated[
        str | None,
        Field(title="Title", description="Name of the API as printed."),
        Aliases("API", "Title"),
        Merge.first,
    ] = None
    version: Annotated[
        str | None,
        Field(title="Version", description="Version of the API as printed."),
        Aliases("Version", "API version"),
        Merge.first,
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="The introduction, as printed."),
        Aliases("Description", "Overview", "Introduction"),
        Merge.first,
    ] = None
    servers: Annotated[
        list[str],
        Field(title="Servers", description="Base URLs as printed."),
        Aliases("Servers", "Base URL", "Host", "API URL"),
        Merge.union,
    ] = []
    security: Annotated[
        list[SecurityScheme],
        Field(title="Security", description="Ways to authenticate."),
        Aliases("Authentication", "Authorization", "Security"),
        Merge.by_key("name"),
    ] = []
    operations: Annotated[
        list[Operation],
        Field(title="Operations", description="Every operation in the order printed."),
        Aliases("Operations", "Endpoints", "Resources"),
        Merge.by_key("path", "method"),
    ] = []
    models: Annotated[
        list[Model],
        Field(title="Models", description="Every named schema shown."),
        Aliases("Models", "Schemas", "Definitions", "Objects"),
        Merge.by_key("name"),
    ] = []
