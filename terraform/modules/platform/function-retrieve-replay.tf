module "retrieve_replay" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-replay"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-replay"]
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
