module "upload_file" {
  source = "../function"

  prefix      = local.prefix
  name        = "upload-file"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["upload-file"]
  operations  = local.operations

  # A file of 4.4 MB is three times that while it is taken out of its event, and has to go on to the browser.
  memory_mb       = 1024
  timeout_seconds = 20

  environment = merge(local.connect_environment, {
    SESSIONS_TABLE    = module.sessions.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  })

  policies = [
    module.sessions.policies.get,
    module.token_keys.policies.read,
  ]
}
