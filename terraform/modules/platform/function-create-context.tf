module "create_context" {
  source = "../function"

  prefix      = local.prefix
  name        = "create-context"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["create-context"]
  operations  = local.operations

  environment = {
    CONTEXTS_TABLE  = module.contexts.name
    CONTEXTS_BUCKET = module.contexts_bucket.name
  }

  policies = [
    module.contexts.policies.put,
    module.contexts_bucket.policies.write, # signs the upload URL
  ]
}
