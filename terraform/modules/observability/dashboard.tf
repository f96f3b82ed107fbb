locals {
  charts = {
    "Time until a browser is ready" = [
      [local.namespace, "CreateDuration", { stat = "p50" }],
      ["...", { stat = "p90" }],
    ]
    "Time of all other requests" = [
      [local.namespace, "ApiLatency", { stat = "p50" }],
      ["...", { stat = "p95" }],
    ]
    "Requests and errors" = [
      ["AWS/ApiGateway", "Count", "ApiName", var.api.name, "Stage", var.api.stage_name, { stat = "Sum" }],
      [".", "4XXError", ".", ".", ".", ".", { stat = "Sum" }],
      [".", "5XXError", ".", ".", ".", ".", { stat = "Sum" }],
    ]
    "Sessions that failed" = [
      [local.namespace, "Creates", "outcome", "failed", { stat = "Sum" }],
      [local.namespace, "SessionsEnded", "outcome", "failed", { stat = "Sum" }],
    ]
    "Warm containers" = [
      [local.namespace, "WarmAvailable", { stat = "Minimum" }],
      [local.namespace, "WarmStarting", { stat = "Maximum" }],
      [local.namespace, "WarmWanted", { stat = "Maximum" }],
    ]
    "Creates that found one" = [
      [local.namespace, "WarmClaimed", { stat = "Sum" }],
      [local.namespace, "WarmCold", { stat = "Sum" }],
    ]
    "What was lost" = [
      [local.namespace, "HeartbeatsLost", { stat = "Sum" }],
      [local.namespace, "RecordingPartsLost", { stat = "Sum" }],
      [local.namespace, "DownloadsLost", { stat = "Sum" }],
      [local.namespace, "LogRowsLost", { stat = "Sum" }],
    ]
    "Sessions" = [
      [local.namespace, "SessionsLive", { stat = "Maximum" }],
      [local.namespace, "SessionsStarted", { stat = "Sum" }],
    ]
    "Webhooks" = [
      [local.namespace, "WebhookTries", "outcome", "delivered", { stat = "Sum" }],
      ["...", "failed", { stat = "Sum" }],
    ]
    "Time of a claim" = [
      [local.namespace, "ClaimLatency", { stat = "p50" }],
      ["...", { stat = "p90" }],
    ]
    "Creates at once" = [
      ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", var.functions.create_session, { stat = "Maximum" }],
    ]
    "Stream and sweeper" = [
      ["AWS/Lambda", "IteratorAge", "FunctionName", var.functions.stream_processor, { stat = "Maximum" }],
      ["AWS/Lambda", "Duration", "FunctionName", var.functions.sweeper, { stat = "Maximum" }],
    ]
  }

  charts_per_row = 3
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = var.prefix
  dashboard_body = jsonencode({
    widgets = [
      for index, title in keys(local.charts) : {
        type   = "metric"
        x      = (index % local.charts_per_row) * 8
        y      = floor(index / local.charts_per_row) * 6
        width  = 8
        height = 6
        properties = {
          title   = title
          region  = data.aws_region.current.region
          period  = 300
          view    = "timeSeries"
          metrics = local.charts[title]
        }
      }
    ]
  })
}
