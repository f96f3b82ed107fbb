module "list_session_events" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-session-events"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-session-events"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE       = module.sessions.name
    SESSION_EVENTS_TABLE = module.session_events.name
  }

  policies = [
    module.sessions.policies.get,
    module.session_events.policies.query,
  ]
}
