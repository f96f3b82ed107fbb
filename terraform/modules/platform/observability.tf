locals {
  # What every function is told about being operated.
  operations = {
    alarm_topic_arn    = module.observability.alarm_topic_arn
    log_retention_days = var.retention.log_days
    telemetry          = local.telemetry
  }

  telemetry = merge(
    { METRICS_NAMESPACE = module.observability.metrics_namespace },
    # The standard's own variable; without it nothing of tracing is loaded.
    var.traces_endpoint == "" ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT = var.traces_endpoint },
  )
}

module "observability" {
  source = "../observability"

  prefix             = local.prefix
  emails             = var.alarms.emails
  monthly_budget_usd = var.alarms.monthly_budget_usd
  log_retention_days = var.retention.log_days
  api = {
    name       = module.rest_api.name
    stage_name = module.rest_api.stage_name
  }
  functions = {
    create_session   = module.create_session.name
    stream_processor = module.stream_processor.name
    sweeper          = module.sweeper.name
  }
}
