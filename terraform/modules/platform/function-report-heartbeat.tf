module "report_heartbeat" {
  source = "../function"

  prefix      = local.prefix
  name        = "report-heartbeat"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["report-heartbeat"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.sessions.policies.update,
    module.token_keys.policies.read,
  ]
}
