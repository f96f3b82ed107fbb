module "delete_extension" {
  source = "../function"

  prefix      = local.prefix
  name        = "delete-extension"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["delete-extension"]
  operations  = local.operations

  environment = {
    EXTENSIONS_TABLE = module.extensions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.extensions.policies.get,
    module.extensions.policies.delete,
    module.artifacts_bucket.policies.delete,
  ]
}
