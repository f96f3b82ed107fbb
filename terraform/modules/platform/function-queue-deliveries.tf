# Hears of each event of each session, and queues it for every webhook that wants it.

module "queue_deliveries" {
  source = "../function"

  prefix      = local.prefix
  name        = "queue-deliveries"
  package_dir = local.package_dir
  invoked_by = {
    session-event = { principal = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.session_event.arn }
  }
  dead_letters = { async_retries = 2 }
  operations   = local.operations

  environment = {
    WEBHOOKS_TABLE           = module.webhooks.name
    WEBHOOK_DELIVERIES_TABLE = module.webhook_deliveries.name
    WEBHOOK_QUEUE_URL        = module.webhook_queue.url
  }

  policies = [
    module.webhooks.policies["query/projectId-createdAt"],
    module.webhook_deliveries.policies.put,
    module.webhook_queue.policies.send,
  ]
}

resource "aws_cloudwatch_event_rule" "session_event" {
  name           = "${local.prefix}-session-event"
  description    = "All events of sessions, for webhooks"
  event_bus_name = module.observability.event_bus.name
  event_pattern  = jsonencode({ source = ["wallcrawler"], detail-type = ["Session Event"] })
}

resource "aws_cloudwatch_event_target" "session_event" {
  rule           = aws_cloudwatch_event_rule.session_event.name
  event_bus_name = module.observability.event_bus.name
  target_id      = "queue-deliveries"
  arn            = module.queue_deliveries.arn

  # Who hears of an event an hour late has asked for it by then.
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.queue_deliveries.dead_letters_arn
  }
}
