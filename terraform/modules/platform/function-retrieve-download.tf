module "retrieve_download" {
  source = "../function"

  prefix          = local.prefix
  name            = "retrieve-download"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.log_seconds
  invoked_by      = local.invoked_by_api["retrieve-download"]
  operations      = local.operations

  environment = {
    DOWNLOADS_TABLE  = module.downloads.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.downloads.policies.get,
    module.artifacts_bucket.policies.read,
  ]
}
