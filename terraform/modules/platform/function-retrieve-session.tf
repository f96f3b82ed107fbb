module "retrieve_session" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-session"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-session"]
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
