module "sign_cdp_url" {
  source = "../function"

  prefix      = local.prefix
  name        = "sign-cdp-url"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["sign-cdp-url"]
  operations  = local.operations

  environment = merge(local.connect_environment, {
    SESSIONS_TABLE    = module.sessions.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  })

  policies = [
    module.sessions.policies.get,
    module.token_keys.policies.read,
  ]
}
