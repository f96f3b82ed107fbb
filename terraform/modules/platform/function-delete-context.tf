module "delete_context" {
  source = "../function"

  prefix      = local.prefix
  name        = "delete-context"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["delete-context"]
  operations  = local.operations

  environment = {
    CONTEXTS_TABLE  = module.contexts.name
    CONTEXTS_BUCKET = module.contexts_bucket.name
  }

  policies = [
    module.contexts.policies.get,
    module.contexts.policies.put, # a tombstone in its place
    module.contexts_bucket.policies.purge,
  ]
}
