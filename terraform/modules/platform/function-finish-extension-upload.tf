# Fetches up to 100 MB to the function's disk (512 MB), unpacks up to 256 MB to see what is in them, and stores the zip.

module "finish_extension_upload" {
  source = "../function"

  prefix          = local.prefix
  name            = "finish-extension-upload"
  package_dir     = local.package_dir
  timeout_seconds = 25
  # For its share of a processor: API Gateway waits 29 s.
  memory_mb  = 1769
  invoked_by = local.invoked_by_api["finish-extension-upload"]
  operations = local.operations

  environment = {
    EXTENSIONS_TABLE = module.extensions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.extensions.policies.get,
    module.extensions.policies.put,
    module.extensions.policies["query/projectId-createdAt"],
    module.artifacts_bucket.policies.read,
    module.artifacts_bucket.policies.write,
    module.artifacts_bucket.policies.delete,
  ]
}
