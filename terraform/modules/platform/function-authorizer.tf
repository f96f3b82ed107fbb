# Asked by API Gateway for each set of identity headers, once a minute.

module "authorizer" {
  source = "../function"

  prefix      = local.prefix
  name        = "authorizer"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["authorizer"]
  operations  = local.operations

  environment = {
    API_KEYS_TABLE = module.api_keys.name
  }

  policies = [
    module.api_keys.policies.get,
  ]
}
