module "sign_profile_url" {
  source = "../function"

  prefix      = local.prefix
  name        = "sign-profile-url"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["sign-profile-url"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    CONTEXTS_TABLE    = module.contexts.name
    CONTEXTS_BUCKET   = module.contexts_bucket.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.contexts.policies.get,
    module.contexts_bucket.policies.read,
    module.contexts_bucket.policies.write,
    module.token_keys.policies.read,
  ]
}
