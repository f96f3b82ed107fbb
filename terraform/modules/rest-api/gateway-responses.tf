# What API Gateway answers by itself, in the shape of every other error.

locals {
  gateway_errors = {
    # The authorizer's Deny, which says why; empty where the policy in access.tf denies, and no message is known.
    ACCESS_DENIED                  = [401, "Unauthorized", "$context.authorizer.message"]
    API_CONFIGURATION_ERROR        = [500, "Internal Server Error", "The API failed before it could handle this request: try again"]
    AUTHORIZER_CONFIGURATION_ERROR = [500, "Internal Server Error", "The API key could not be checked: try again"]
    AUTHORIZER_FAILURE             = [500, "Internal Server Error", "The API key could not be checked: try again"]
    BAD_REQUEST_BODY               = [400, "Bad Request", "The request could not be understood"]
    BAD_REQUEST_PARAMETERS         = [400, "Bad Request", "The request could not be understood"]
    DEFAULT_4XX                    = [400, "Bad Request", "The request could not be understood"]
    DEFAULT_5XX                    = [500, "Internal Server Error", "The API failed before it could handle this request: try again"]
    EXPIRED_TOKEN                  = [401, "Unauthorized", "Missing or invalid API key"]
    INTEGRATION_FAILURE            = [502, "Bad Gateway", "The API failed while it handled this request: try again"]
    INTEGRATION_TIMEOUT            = [504, "Gateway Timeout", "The API did not answer in time"]
    INVALID_SIGNATURE              = [401, "Unauthorized", "Missing or invalid API key"]
    # API Gateway itself says 403 "Missing Authentication Token" for a route that it does not have.
    MISSING_AUTHENTICATION_TOKEN = [404, "Not Found", "Route not found"]
    QUOTA_EXCEEDED               = [429, "Too Many Requests", "Too many requests, try again later"]
    REQUEST_TOO_LARGE            = [413, "Payload Too Large", "The request body is too large; for a session, PUT the file to where its browser is (docs/uploads.md)"]
    RESOURCE_NOT_FOUND           = [404, "Not Found", "Route not found"]
    THROTTLED                    = [429, "Too Many Requests", "Too many requests, try again later"]
    # API Gateway's own, where a request lacks an identity source.
    UNAUTHORIZED           = [401, "Unauthorized", "The API key is missing: send it as x-bb-api-key, x-wc-api-key or Authorization: Bearer"]
    UNSUPPORTED_MEDIA_TYPE = [415, "Unsupported Media Type", "The request body must be JSON"]
  }

  gateway_responses = {
    for type, response in local.gateway_errors : type => {
      statusCode = tostring(response[0]) # a text in AWS's documentation; the body's is a number
      # As each function's answer says it: an error is for one caller, and some proxies keep those of a GET.
      responseParameters = { "gatewayresponse.header.Cache-Control" = "'no-store'" }
      responseTemplates = {
        "application/json" = jsonencode({ statusCode = response[0], error = response[1], message = response[2] })
      }
    }
  }
}
