"""Files made from a record, such as an OpenAPI document."""
