module "retrieve_webhook" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-webhook"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-webhook"]
  operations  = local.operations

  environment = {
    WEBHOOKS_TABLE = module.webhooks.name
  }

  policies = [
    module.webhooks.policies.get,
  ]
}
