module "rotate_webhook_secret" {
  source = "../function"

  prefix      = local.prefix
  name        = "rotate-webhook-secret"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["rotate-webhook-secret"]
  operations  = local.operations

  environment = {
    WEBHOOKS_TABLE = module.webhooks.name
  }

  policies = [
    module.webhooks.policies.get,
    module.webhooks.policies.update,
  ]
}
