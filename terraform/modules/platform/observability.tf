locals {
  # What every function is told about being operated.
  operations = {
    alarm_topic_arn    = module.observability.alarm_topic_arn
    log_retention_days = var.retention.log_days
  }
}

module "observability" {
  source = "../observability"

  prefix             = local.prefix
  emails             = var.alarms.emails
  monthly_budget_usd = var.alarms.monthly_budget_usd
  log_retention_days = var.retention.log_days
  api = {
    name                  = module.rest_api.name
    stage_name            = module.rest_api.stage_name
    access_log_group_name = module.rest_api.access_log_group_name
  }
  logs = {
    create_session = module.create_session.log_group_name
    keep_pool      = module.keep_pool.log_group_name
  }
  functions = {
    create_session   = module.create_session.name
    stream_processor = module.stream_processor.name
    sweeper          = module.sweeper.name
  }
}
