module "sign_extension_url" {
  source = "../function"

  prefix      = local.prefix
  name        = "sign-extension-url"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["sign-extension-url"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    EXTENSIONS_TABLE  = module.extensions.name
    ARTIFACTS_BUCKET  = module.artifacts_bucket.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.extensions.policies.get,
    module.artifacts_bucket.policies.read,
    module.token_keys.policies.read,
  ]
}
