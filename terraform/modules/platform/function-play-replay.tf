module "play_replay" {
  source = "../function"

  prefix      = local.prefix
  name        = "play-replay"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["play-replay"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    PUBLIC_KEYS_TABLE = module.public_keys.name
    ARTIFACTS_BUCKET  = module.artifacts_bucket.name
    ARTIFACT_DAYS     = var.retention.artifact_days
  }

  policies = [
    module.public_keys.policies.get,
    module.sessions.policies.get,
    module.artifacts_bucket.policies.read,
  ]
}
