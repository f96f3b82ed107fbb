# The REST API, from one OpenAPI file: contract.tf turns the contract into what API Gateway imports.

resource "aws_api_gateway_rest_api" "main" {
  name        = local.name
  description = "Wallcrawler"
  body        = local.body

  endpoint_configuration {
    types = ["REGIONAL"] # CloudFront is ours, with our rules; an edge-optimised API would bring another
  }
}

resource "aws_api_gateway_deployment" "main" {
  rest_api_id = aws_api_gateway_rest_api.main.id

  # A hash tells nothing of the secret in the body.
  triggers = { body = nonsensitive(sha1(local.body)) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "main" {
  rest_api_id          = aws_api_gateway_rest_api.main.id
  deployment_id        = aws_api_gateway_deployment.main.id
  stage_name           = var.stage_name
  xray_tracing_enabled = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = local.access_log_format
  }

  # API Gateway refuses a stage with a log as long as it may not write logs.
  depends_on = [aws_api_gateway_account.main]
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  stage_name  = aws_api_gateway_stage.main.stage_name
  method_path = "*/*" # each method by itself: there is no limit for all of them together but the account's

  settings {
    throttling_rate_limit  = var.throttling.requests_per_second
    throttling_burst_limit = var.throttling.burst
    caching_enabled        = false
    # Execution logs hold headers, and so API keys; the access log has what is needed.
    logging_level      = "OFF"
    data_trace_enabled = false
    # A metric for each of the routes costs more than the API; the access log gives the two that matter.
    metrics_enabled = false
  }
}
