# Asked by API Gateway for each set of identity headers, once a minute.

module "authorizer" {
  source = "../function"

  prefix      = local.prefix
  name        = "authorizer"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["authorizer"]
  operations  = merge(local.operations, { alarm_on_errors = false }) # its faults are 5xx of the API, which have their alarm

  environment = {
    API_KEYS_TABLE = module.api_keys.name
  }

  policies = [
    module.api_keys.policies.get,
    module.api_keys.policies.update, # when the key was last used
  ]
}
