module "retrieve_recording" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-recording"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-recording"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE = module.sessions.name
  }

  policies = [
    module.sessions.policies.get,
  ]
}
