# Unpacks up to 256 MB to see what is in a zip, and keeps none of it.

module "upload_extension" {
  source = "../function"

  prefix          = local.prefix
  name            = "upload-extension"
  package_dir     = local.package_dir
  timeout_seconds = 25
  invoked_by      = local.invoked_by_api["upload-extension"]
  operations      = local.operations

  environment = {
    EXTENSIONS_TABLE = module.extensions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.extensions.policies.put,
    module.extensions.policies["query/projectId-createdAt"],
    module.artifacts_bucket.policies.write,
  ]
}
