# Follows a session for up to 50 s, hence the long time-out and the streamed answer.

module "list_session_events" {
  source = "../function"

  prefix          = local.prefix
  name            = "list-session-events"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.function_seconds
  invoked_by      = local.invoked_by_api["list-session-events"]
  operations      = local.operations

  environment = {
    SESSIONS_TABLE       = module.sessions.name
    SESSION_EVENTS_TABLE = module.session_events.name
  }

  policies = [
    module.sessions.policies.get,
    module.session_events.policies.query,
  ]
}
