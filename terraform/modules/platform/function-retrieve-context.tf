module "retrieve_context" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-context"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-context"]
  operations  = local.operations

  environment = {
    CONTEXTS_TABLE = module.contexts.name
  }

  policies = [
    module.contexts.policies.get,
  ]
}
