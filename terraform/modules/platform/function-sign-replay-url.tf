module "sign_replay_url" {
  source = "../function"

  prefix      = local.prefix
  name        = "sign-replay-url"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["sign-replay-url"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    TOKEN_KEYS_SECRET = module.token_keys.name
    ARTIFACT_DAYS     = var.retention.artifact_days
    PUBLIC_URL        = "https://${module.edge.domain_name}"
  }

  policies = [
    module.sessions.policies.get,
    module.token_keys.policies.read,
  ]
}
