module "start_extension_upload" {
  source = "../function"

  prefix      = local.prefix
  name        = "start-extension-upload"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["start-extension-upload"]
  operations  = local.operations

  environment = {
    EXTENSIONS_TABLE = module.extensions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.extensions.policies["query/projectId-createdAt"],
    module.artifacts_bucket.policies.write, # signs the upload URL
  ]
}
