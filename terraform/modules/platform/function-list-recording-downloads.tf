module "list_recording_downloads" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-recording-downloads"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-recording-downloads"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE   = module.sessions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
    ARTIFACT_DAYS    = var.retention.artifact_days
  }

  policies = [
    module.sessions.policies.get,
    module.artifacts_bucket.policies.read,
  ]
}
