module "create_webhook" {
  source = "../function"

  prefix      = local.prefix
  name        = "create-webhook"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["create-webhook"]
  operations  = local.operations

  environment = {
    ALLOWED_NETWORKS = join(",", var.allowed_networks)
    WEBHOOKS_TABLE   = module.webhooks.name
  }

  policies = [
    module.webhooks.policies.put,
    module.webhooks.policies["query/projectId-createdAt"],
  ]
}
