# The contract as API Gateway is to have it. Schemas stay out: each function validates with the ones it was built with,
# and API Gateway's models know only a part of JSON Schema.

locals {
  name     = var.prefix
  contract = jsondecode(var.contract)

  # Operations by their id in kebab case, which is their function's name too, unless the contract names another:
  # `createSession` is answered by `create-session`.
  operations = merge([
    for path, methods in local.contract.paths : {
      for method, operation in methods :
      lower(replace(operation.operationId, "/([A-Z])/", "-$1")) => {
        path       = path
        method     = method
        function   = try(operation["x-wallcrawler-function"], lower(replace(operation.operationId, "/([A-Z])/", "-$1")))
        is_mock    = try(operation["x-amazon-apigateway-integration"].type == "mock", false)
        is_stream  = try(operation["x-amazon-apigateway-integration"].responseTransferMode == "STREAM", false)
        has_bearer = contains(flatten([for scheme in operation.security : keys(scheme)]), "controllerToken")
      }
    }
  ]...)

  lambda_arn    = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:${var.prefix}"
  lambda_uri    = "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.region}:lambda:path"
  authorizer_id = "authorizer"

  # By name, not by reference: what a function reads may then come from the edge, which stands before this API.
  invoke_uris = {
    for name, operation in merge(local.operations, { (local.authorizer_id) = { function = local.authorizer_id, is_stream = false } }) :
    name => operation.is_stream
    ? "${local.lambda_uri}/2021-11-15/functions/${local.lambda_arn}-${operation.function}/response-streaming-invocations"
    : "${local.lambda_uri}/2015-03-31/functions/${local.lambda_arn}-${operation.function}/invocations"
  }

  integrations = {
    for name, operation in local.operations : name => merge(
      try(local.contract.paths[operation.path][operation.method]["x-amazon-apigateway-integration"], {}),
      { for key, value in { type = "aws_proxy", httpMethod = "POST", uri = local.invoke_uris[name] } : key => value if !operation.is_mock },
    )
  }

  paths = {
    for path, methods in local.contract.paths : path => {
      for name, operation in local.operations : operation.method => {
        operationId = methods[operation.method].operationId
        # The containers' token is checked by the function itself; API Gateway knows no bearer scheme.
        security = [for scheme in methods[operation.method].security : scheme if contains(keys(scheme), "apiKey")]
        parameters = [
          for parameter in try(methods[operation.method].parameters, []) :
          { name = parameter.name, in = parameter.in, required = parameter.required, schema = { type = "string" } }
        ]
        responses                         = { for status in keys(methods[operation.method].responses) : status => { description = status } }
        "x-amazon-apigateway-integration" = local.integrations[name]
      } if operation.path == path
    }
  }

  api_key_scheme = local.contract.components.securitySchemes.apiKey

  document = {
    openapi = local.contract.openapi
    info    = { title = local.name, version = local.contract.info.version }
    paths   = local.paths
    components = {
      securitySchemes = {
        apiKey = merge(local.api_key_scheme, {
          "x-amazon-apigateway-authorizer" = merge(
            local.api_key_scheme["x-amazon-apigateway-authorizer"],
            { authorizerUri = local.invoke_uris[local.authorizer_id] },
          )
        })
      }
    }
    # Of these types a function gets the bytes, as base64: as text, they would be what is left of them in UTF-8.
    "x-amazon-apigateway-binary-media-types" = local.contract["x-amazon-apigateway-binary-media-types"]
    "x-amazon-apigateway-gateway-responses"  = local.gateway_responses
  }

  # The policy is part of the body: beside it, an import of a changed body would drop it.
  body = jsonencode(merge(local.document, { "x-amazon-apigateway-policy" = local.policy }))
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
