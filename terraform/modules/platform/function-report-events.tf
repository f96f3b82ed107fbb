module "report_events" {
  source = "../function"

  prefix      = local.prefix
  name        = "report-events"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["report-events"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE       = module.sessions.name
    SESSION_EVENTS_TABLE = module.session_events.name
    TOKEN_KEYS_SECRET    = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.session_events.policies.query,
    module.session_events.policies.put,
    module.token_keys.policies.read,
  ]
}
