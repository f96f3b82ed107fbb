# One JSON line for each request: no header, no query, no body, because they hold keys and tokens.

locals {
  access_log_fields = {
    requestId            = "$context.requestId"
    traceId              = "$context.xrayTraceId"
    time                 = "$context.requestTime"
    edgeIp               = "$context.identity.sourceIp"
    method               = "$context.httpMethod"
    route                = "$context.resourcePath"
    status               = "$context.status"
    latencyMs            = "$context.responseLatency"
    integrationLatencyMs = "$context.integrationLatency"
    responseBytes        = "$context.responseLength"
    keyName              = "$context.authorizer.principalId"
    projectId            = "$context.authorizer.projectId"
    gatewayError         = "$context.error.responseType"
  }

  # As a number, so that it can be counted; it is there in every line, unlike the other numbers.
  access_log_format = replace(jsonencode(local.access_log_fields), "\"$context.responseLatency\"", "$context.responseLatency")
}

# A trace has the whole address of its request, and in that of a replay stands its token: they are not traced.
resource "aws_xray_sampling_rule" "replays" {
  rule_name      = "${substr(local.name, 0, 24)}-replays" # at most 32 characters
  priority       = 1
  version        = 1
  service_name   = "*"
  service_type   = "*"
  host           = "*"
  http_method    = "*"
  url_path       = "*/replay/*"
  resource_arn   = aws_api_gateway_stage.main.arn
  reservoir_size = 0
  fixed_rate     = 0
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${local.name}/access"
  retention_in_days = var.log_retention_days
}

# A setting of the account and region, not of this API.
resource "aws_api_gateway_account" "main" {
  count = var.enable_account_logging ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.logging[0].arn

  depends_on = [aws_iam_role_policy_attachment.logging]
}

resource "aws_iam_role" "logging" {
  count = var.enable_account_logging ? 1 : 0

  name = "${local.name}-api-gateway-logs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# API Gateway takes a role only if it has all of this policy.
resource "aws_iam_role_policy_attachment" "logging" {
  count = var.enable_account_logging ? 1 : 0

  role       = aws_iam_role.logging[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}
