module "list_webhooks" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-webhooks"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-webhooks"]
  operations  = local.operations

  environment = {
    WEBHOOKS_TABLE = module.webhooks.name
  }

  policies = [
    module.webhooks.policies["query/projectId-createdAt"],
  ]
}
