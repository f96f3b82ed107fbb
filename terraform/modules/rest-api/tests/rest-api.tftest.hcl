mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix                 = "wallcrawler-test"
  contract               = file("../../../functions/openapi.json")
  origin_secret          = "0123456789abcdef0123456789abcdef"
  enable_account_logging = true
  log_retention_days     = 30
  throttling             = { requests_per_second = 100, burst = 200 }
}

run "every_operation_of_the_contract_is_there" {
  assert {
    condition = sum([for methods in values(local.document.paths) : length(methods)]) == sum([
    for methods in values(jsondecode(var.contract).paths) : length(methods)])
    error_message = "no operation is lost on the way"
  }

  assert {
    condition     = length(local.operations) == sum([for methods in values(jsondecode(var.contract).paths) : length(methods)])
    error_message = "no two operations have one id"
  }

  assert {
    condition = alltrue(flatten([for methods in values(local.document.paths) : [for operation in values(methods) :
    contains(["aws_proxy", "mock"], operation["x-amazon-apigateway-integration"].type)]]))
    error_message = "every operation has an integration: API Gateway refuses to deploy a method without one"
  }

  assert {
    condition = alltrue(flatten([for methods in values(local.document.paths) : [for operation in values(methods) :
      strcontains(operation["x-amazon-apigateway-integration"].uri, ":function:wallcrawler-test-${local.operations[lower(replace(operation.operationId, "/([A-Z])/", "-$1"))].function}/")
    if operation["x-amazon-apigateway-integration"].type == "aws_proxy"]]))
    error_message = "an operation is answered by the function of its name, or by the one that the contract names"
  }

  assert {
    condition     = toset([for name, operation in local.operations : operation.function if operation.function != name]) == toset(["answer-not-built"])
    error_message = "one function answers all routes that are not built, and no other answers for several"
  }

  assert {
    condition     = local.integrations["list-sessions"].uri == "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/arn:aws:lambda:us-west-2:123456789012:function:wallcrawler-test-list-sessions/invocations"
    error_message = "the URI is the one API Gateway knows"
  }

  assert {
    condition     = local.document.paths["/health"].get["x-amazon-apigateway-integration"].type == "mock"
    error_message = "health needs no function: it is up when the API is"
  }
}

run "files_arrive_as_they_are" {
  assert {
    condition     = jsondecode(local.body)["x-amazon-apigateway-binary-media-types"] == ["multipart/form-data"]
    error_message = "as text, a file would be what is left of it in UTF-8; JSON stays text"
  }
}

run "create_streams_so_that_it_may_wait" {
  assert {
    condition     = local.integrations["create-session"].responseTransferMode == "STREAM" && endswith(local.integrations["create-session"].uri, "/2021-11-15/functions/arn:aws:lambda:us-west-2:123456789012:function:wallcrawler-test-create-session/response-streaming-invocations")
    error_message = "buffered, API Gateway gives up after 29 s, before most browsers are ready"
  }

  assert {
    condition     = output.integration_timeouts_ms["create-session"] == 58000
    error_message = "shorter than CloudFront's 60 s, longer than the function's 57 s"
  }

  assert {
    condition     = toset([for name, integration in local.integrations : name if try(integration.responseTransferMode, "BUFFERED") == "STREAM"]) == toset(["create-session", "list-session-downloads", "list-session-events", "list-session-logs", "play-replay", "retrieve-download", "retrieve-replay", "show-replay"])
    error_message = "what waits, and what is longer than an answer may be"
  }
}

run "every_operation_is_guarded_as_the_contract_says" {
  assert {
    condition = toset(flatten([for path, methods in jsondecode(var.contract).paths : [for method, operation in methods :
      "${method} ${path}" if contains(flatten([for scheme in operation.security : keys(scheme)]), "apiKey")]])) == toset(flatten([
      for path, methods in local.document.paths : [for method, operation in methods : "${method} ${path}" if length(operation.security) == 1]
    ]))
    error_message = "an operation with an API key in the contract has the authorizer, and no other has"
  }

  assert {
    condition = toset(flatten([for path, methods in local.document.paths : [for method, operation in methods :
    path if length(operation.security) == 0 && !startswith(path, "/internal/")]])) == toset(["/health", "/openapi.json", "/replay/{token}", "/replay/{token}/film.m3u8", "/replay/{token}/replay.json"])
    error_message = "open are health and the contract; the containers' routes and those of a replay check their token themselves"
  }

  assert {
    condition     = local.document.components.securitySchemes.apiKey["x-amazon-apigateway-authorizer"].type == "request" && endswith(local.document.components.securitySchemes.apiKey["x-amazon-apigateway-authorizer"].authorizerUri, ":function:wallcrawler-test-authorizer/invocations")
    error_message = "a REQUEST authorizer, which sees the headers"
  }

  assert {
    condition     = toset([for source in split(",", local.document.components.securitySchemes.apiKey["x-amazon-apigateway-authorizer"].identitySource) : trimspace(source)]) == toset(["method.request.header.x-bb-api-key", "method.request.header.x-wc-api-key", "method.request.header.x-bb-project-id", "method.request.header.x-wc-project-id"])
    error_message = "all four identity headers are in the cache's key: otherwise one project's answer serves another"
  }
}

run "only_cloudfront_gets_through" {
  assert {
    condition     = toset(local.guarded_segments) == toset(["health", "openapi.json", "replay", "v1"])
    error_message = "everything but the containers' routes is guarded"
  }

  assert {
    condition     = nonsensitive(local.policy.Statement[1].Effect) == "Deny" && nonsensitive(local.policy.Statement[1].Condition.StringNotEquals["aws:Referer"]) == nonsensitive(var.origin_secret)
    error_message = "a request that did not come by CloudFront is refused before the authorizer and its cache"
  }

  assert {
    condition     = nonsensitive(jsondecode(aws_api_gateway_rest_api.main.body)["x-amazon-apigateway-policy"].Statement[0].Effect) == "Allow"
    error_message = "the policy travels in the body: beside it, the next import would drop it"
  }

  assert {
    condition     = length(nonsensitive(jsonencode(local.policy))) < 8192
    error_message = "API Gateway takes policies of up to 8,192 bytes"
  }
}

run "gateway_errors_look_like_all_others" {
  assert {
    condition = alltrue([for response in values(local.document["x-amazon-apigateway-gateway-responses"]) :
      toset(keys(jsondecode(response.responseTemplates["application/json"]))) == toset(["statusCode", "error", "message"])
    && tostring(jsondecode(response.responseTemplates["application/json"]).statusCode) == response.statusCode])
    error_message = "{statusCode, error, message}, with the status that is sent"
  }

  assert {
    condition     = local.document["x-amazon-apigateway-gateway-responses"].ACCESS_DENIED.statusCode == "401" && strcontains(local.document["x-amazon-apigateway-gateway-responses"].ACCESS_DENIED.responseTemplates["application/json"], "\"message\":\"$context.authorizer.message\"")
    error_message = "who is denied has no usable key, and hears from the authorizer why"
  }

  assert {
    condition     = strcontains(jsonencode(local.document["x-amazon-apigateway-gateway-responses"].UNAUTHORIZED), "\"statusCode\":\"401\"")
    error_message = "API Gateway documents statusCode as a text: a number is taken only by its leave"
  }

  assert {
    condition     = alltrue([for response in values(local.document["x-amazon-apigateway-gateway-responses"]) : response.responseParameters == { "gatewayresponse.header.Cache-Control" = "'no-store'" }])
    error_message = "an error is for one caller: nobody on the way may keep it for another"
  }

  assert {
    condition     = local.gateway_errors.MISSING_AUTHENTICATION_TOKEN[0] == 404
    error_message = "an unknown route is 404, not a puzzle about tokens"
  }
}

run "it_is_deployed_when_the_body_changes" {
  assert {
    condition     = aws_api_gateway_deployment.main.triggers["body"] == nonsensitive(sha1(local.body))
    error_message = "without a trigger a new route is imported and never deployed"
  }
}

run "it_is_throttled_logged_and_traced" {
  assert {
    condition     = aws_api_gateway_method_settings.all.method_path == "*/*" && aws_api_gateway_method_settings.all.settings[0].throttling_rate_limit == 100 && aws_api_gateway_method_settings.all.settings[0].throttling_burst_limit == 200
    error_message = "all routes are throttled"
  }

  assert {
    condition     = aws_api_gateway_method_settings.all.settings[0].logging_level == "OFF" && !aws_api_gateway_method_settings.all.settings[0].data_trace_enabled
    error_message = "execution logs would hold API keys"
  }

  assert {
    condition     = aws_xray_sampling_rule.replays.fixed_rate == 0 && aws_xray_sampling_rule.replays.reservoir_size == 0 && aws_xray_sampling_rule.replays.url_path == "*/replay/*"
    error_message = "a trace has the whole address, and in a replay's stands its token"
  }

  assert {
    condition     = aws_api_gateway_stage.main.xray_tracing_enabled && aws_cloudwatch_log_group.access.retention_in_days == 30
    error_message = "each request is traced, and its line is kept for a bounded time"
  }

  assert {
    condition     = !can(regex("header|querystring|\\$context.path\"|authorizer.token", aws_api_gateway_stage.main.access_log_settings[0].format))
    error_message = "no header, query or raw path in the access log: they hold keys, tokens and ids"
  }
}

run "latency_can_be_counted" {
  assert {
    condition     = strcontains(aws_api_gateway_stage.main.access_log_settings[0].format, "\"latencyMs\":$context.responseLatency,")
    error_message = "a number in quotes is no number to a metric filter"
  }
}

run "functions_are_invoked_from_their_own_route_only" {
  assert {
    condition     = output.source_arns["debug-session"] == { debug-session = "arn:aws:execute-api:us-west-2:123456789012:api0123456/api/GET/v1/sessions/*/debug" }
    error_message = "method and path, and nothing beside them"
  }

  assert {
    condition     = output.source_arns["answer-not-built"]["list-agents"] == "arn:aws:execute-api:us-west-2:123456789012:api0123456/api/GET/v1/agents" && !contains(keys(output.source_arns), "list-agents") && !contains(keys(output.source_arns), "start-stagehand-session")
    error_message = "what answers several routes is invoked from each of them"
  }

  assert {
    # Around the two a statement has 255 characters, and some more where region and prefix are long.
    condition     = sum([for operation, arn in output.source_arns["answer-not-built"] : length(operation) + length(arn) + 270]) < 20480
    error_message = "Lambda takes 20 KB of a function's policy"
  }

  assert {
    condition     = output.source_arns["authorizer"] == { api = "arn:aws:execute-api:us-west-2:123456789012:api0123456/authorizers/*" } && !contains(keys(output.source_arns), "health")
    error_message = "the authorizer is invoked as such; a mock invokes nothing"
  }
}

run "another_environment_has_the_account_setting" {
  variables {
    enable_account_logging = false
  }

  assert {
    condition     = length(aws_api_gateway_account.main) == 0 && length(aws_iam_role.logging) == 0
    error_message = "two environments of one account would overwrite each other's setting for ever"
  }
}

run "a_guessable_secret_is_refused" {
  command = plan

  variables {
    origin_secret = "short"
  }

  expect_failures = [var.origin_secret]
}
