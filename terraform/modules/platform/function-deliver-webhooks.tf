# Sends events to the receivers of webhooks. Outside of any network of ours: it reaches what everybody reaches.

module "webhook_queue" {
  source = "../work-queue"

  prefix = local.prefix
  name   = "webhooks"
  # Six times the function's time-out, as AWS asks. What is to be tried again says itself when.
  visibility_timeout_seconds = 180
  # Seven tries, and those that found that it was too early. More than that is a fault of ours.
  max_receives    = 20
  alarm_topic_arn = module.observability.alarm_topic_arn
}

module "deliver_webhooks" {
  source = "../function"

  prefix      = local.prefix
  name        = "deliver-webhooks"
  package_dir = local.package_dir
  # A receiver has 10 s.
  timeout_seconds = 30
  operations      = local.operations

  environment = {
    EVENT_BUS                = module.observability.event_bus.name
    ALLOWED_NETWORKS         = join(",", var.allowed_networks)
    WEBHOOKS_TABLE           = module.webhooks.name
    WEBHOOK_DELIVERIES_TABLE = module.webhook_deliveries.name
    WEBHOOK_QUEUE_URL        = module.webhook_queue.url
  }

  policies = [
    module.webhooks.policies.get,
    module.webhooks.policies.update, # that nothing arrives, and that it is disabled for it
    module.observability.event_bus.policies.put,
    module.webhook_deliveries.policies.get,
    module.webhook_deliveries.policies.update,
    module.webhook_queue.policies.work,
    module.webhook_queue.policies.postpone,
  ]
}

resource "aws_lambda_event_source_mapping" "webhooks" {
  function_name           = module.deliver_webhooks.arn
  event_source_arn        = module.webhook_queue.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  # Of the account's concurrency, which creates need: 10 at once, each with 10 deliveries.
  scaling_config {
    maximum_concurrency = 10
  }
}
