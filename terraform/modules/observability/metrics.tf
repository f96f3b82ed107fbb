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

# What the keeper of the warm pool says of it in each run, and a create of its claim. Without a pool there is no number.
locals {
  warm_metrics = {
    WarmAvailable = { log = var.logs.keep_pool, value = "$.available", unit = "Count" }
    WarmStarting  = { log = var.logs.keep_pool, value = "$.starting", unit = "Count" }
    WarmWanted    = { log = var.logs.keep_pool, value = "$.wanted", unit = "Count" }
    WarmEmpty     = { log = var.logs.keep_pool, value = "$.empty", unit = "Count" }
    WarmClaimed   = { log = var.logs.keep_pool, value = "$.claimed", unit = "Count" }
    WarmCold      = { log = var.logs.keep_pool, value = "$.cold", unit = "Count" }
    ClaimLatency  = { log = var.logs.create_session, value = "$.claimMs", unit = "Milliseconds" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "warm" {
  for_each = local.warm_metrics

  name           = each.key
  log_group_name = each.value.log
  pattern        = "{ ${each.value.value} >= 0 }"

  metric_transformation {
    namespace = local.namespace
    name      = each.key
    value     = each.value.value
    unit      = each.value.unit
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
