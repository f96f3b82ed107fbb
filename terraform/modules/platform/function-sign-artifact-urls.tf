module "sign_artifact_urls" {
  source = "../function"

  prefix      = local.prefix
  name        = "sign-artifact-urls"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["sign-artifact-urls"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    ARTIFACTS_BUCKET  = module.artifacts_bucket.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.artifacts_bucket.policies.write,
    module.token_keys.policies.read,
  ]
}
