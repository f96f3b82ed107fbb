module "list_webhook_deliveries" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-webhook-deliveries"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-webhook-deliveries"]
  operations  = local.operations

  environment = {
    WEBHOOKS_TABLE           = module.webhooks.name
    WEBHOOK_DELIVERIES_TABLE = module.webhook_deliveries.name
  }

  policies = [
    module.webhooks.policies.get,
    module.webhook_deliveries.policies.query,
    module.webhook_deliveries.policies["query/failedWebhookId-deliveryId"],
  ]
}
