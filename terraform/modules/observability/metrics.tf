# Numbers that AWS does not have by itself, read from logs. A create waits for its browser for half a minute, so that
# API Gateway's own latency, which mixes it with all else, says nothing.

locals {
  namespace = "Wallcrawler/${var.prefix}"

  access_metrics = {
    ApiLatency   = { pattern = "{ $.route != \"/v1/sessions\" || $.method != \"POST\" }", value = "$.latencyMs", unit = "Milliseconds" }
    StartLatency = { pattern = "{ $.route = \"/v1/sessions\" && $.method = \"POST\" && $.status = \"201\" }", value = "$.latencyMs", unit = "Milliseconds" }
    StartFailure = { pattern = "{ $.route = \"/v1/sessions\" && $.method = \"POST\" && $.status = \"5*\" }", value = "1", unit = "Count" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "access" {
  for_each = local.access_metrics

  name           = each.key
  log_group_name = var.api.access_log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = local.namespace
    name      = each.key
    value     = each.value.value
    unit      = each.value.unit
  }
}

resource "aws_cloudwatch_log_metric_filter" "failed_session" {
  name           = "SessionFailed"
  log_group_name = aws_cloudwatch_log_group.lifecycle.name
  pattern        = "{ $.detail.status = \"FAILED\" }"

  metric_transformation {
    namespace = local.namespace
    name      = "SessionFailed"
    value     = "1"
    unit      = "Count"
  }
}
