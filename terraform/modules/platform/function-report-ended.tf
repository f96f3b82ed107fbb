module "report_ended" {
  source = "../function"

  prefix      = local.prefix
  name        = "report-ended"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["report-ended"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    PROJECTS_TABLE    = module.projects.name
    CONTEXTS_TABLE    = module.contexts.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.sessions.policies.update,
    module.projects.policies.update,
    module.contexts.policies.update,
    module.token_keys.policies.read,
  ]
}
