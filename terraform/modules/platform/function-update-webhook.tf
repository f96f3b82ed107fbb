module "update_webhook" {
  source = "../function"

  prefix      = local.prefix
  name        = "update-webhook"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["update-webhook"]
  operations  = local.operations

  environment = {
    ALLOWED_NETWORKS = join(",", var.allowed_networks)
    WEBHOOKS_TABLE   = module.webhooks.name
  }

  policies = [
    module.webhooks.policies.get,
    module.webhooks.policies.update,
  ]
}
