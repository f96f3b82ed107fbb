module "delete_webhook" {
  source = "../function"

  prefix      = local.prefix
  name        = "delete-webhook"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["delete-webhook"]
  operations  = local.operations

  environment = {
    WEBHOOKS_TABLE = module.webhooks.name
  }

  policies = [
    module.webhooks.policies.get,
    module.webhooks.policies.delete,
  ]
}
