module "redeliver_webhook" {
  source = "../function"

  prefix      = local.prefix
  name        = "redeliver-webhook"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["redeliver-webhook"]
  operations  = local.operations

  environment = {
    WEBHOOKS_TABLE           = module.webhooks.name
    WEBHOOK_DELIVERIES_TABLE = module.webhook_deliveries.name
    WEBHOOK_QUEUE_URL        = module.webhook_queue.url
  }

  policies = [
    module.webhooks.policies.get,
    module.webhook_deliveries.policies.get,
    module.webhook_deliveries.policies.update,
    module.webhook_queue.policies.send,
  ]
}
