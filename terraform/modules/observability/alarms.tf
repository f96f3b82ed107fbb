locals {
  api_dimensions = { ApiName = var.api.name, Stage = var.api.stage_name }

  alarms = {
    api-latency = {
      description = "The API is slow: one request in twenty, creates not counted, takes more than 5 s."
      namespace   = local.namespace, metric = "ApiLatency", dimensions = {}
      statistic   = "p95", threshold = 5000, periods = 3, missing = "notBreaching"
    }
    start-latency = {
      description = "Browsers start slowly: one create in ten takes more than 45 s, and at 50 s it is given up."
      namespace   = local.namespace, metric = "CreateDuration", dimensions = {}
      statistic   = "p90", threshold = 45000, periods = 3, missing = "notBreaching"
    }
    api-errors = {
      description = "More than 5 % of the requests are answered 5xx."
      namespace   = "AWS/ApiGateway", metric = "5XXError", dimensions = local.api_dimensions
      statistic   = "Average", threshold = 0.05, periods = 2, missing = "notBreaching"
    }
    sessions-not-started = {
      description = "Creates fail: no capacity, no image, or the containers do not come up."
      namespace   = local.namespace, metric = "Creates", dimensions = { outcome = "failed" }
      statistic   = "Sum", threshold = 2, periods = 1, missing = "notBreaching"
    }
    sessions-failing = {
      description = "Sessions end as ERROR. Their endReason, in the lifecycle log, says why."
      namespace   = local.namespace, metric = "SessionsEnded", dimensions = { outcome = "failed" }
      statistic   = "Sum", threshold = 4, periods = 1, missing = "notBreaching"
    }
    warm-pool-empty = {
      description = "For five minutes no warm container was there though some were wanted: creates are cold ones."
      namespace   = local.namespace, metric = "WarmEmpty", dimensions = {}
      statistic   = "Minimum", threshold = 0, periods = 1, missing = "notBreaching"
    }
    throttles = {
      description = "Functions were not started: the account's Lambda concurrency is used up."
      namespace   = "AWS/Lambda", metric = "Throttles", dimensions = {} # all functions of the region: they share it
      statistic   = "Sum", threshold = 0, periods = 1, missing = "notBreaching"
    }
    stream-late = {
      description = "Steps of sessions are told late: creates fall back to reading once a second."
      namespace   = "AWS/Lambda", metric = "IteratorAge", dimensions = { FunctionName = var.functions.stream_processor }
      statistic   = "Maximum", threshold = 60000, periods = 1, missing = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  period              = 300
  evaluation_periods  = each.value.periods
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# The one alarm on silence: the clock that ends what nobody ended has stopped.
resource "aws_cloudwatch_metric_alarm" "sweeper_late" {
  alarm_name          = "${var.prefix}-sweeper-late"
  alarm_description   = "The sweeper, which runs every minute, has not run for five: sessions outlive their deadlines."
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  dimensions          = { FunctionName = var.functions.sweeper }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
