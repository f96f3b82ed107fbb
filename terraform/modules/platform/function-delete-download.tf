module "delete_download" {
  source = "../function"

  prefix      = local.prefix
  name        = "delete-download"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["delete-download"]
  operations  = local.operations

  environment = {
    DOWNLOADS_TABLE  = module.downloads.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.downloads.policies.get,
    module.downloads.policies.delete,
    module.artifacts_bucket.policies.delete,
  ]
}
