module "retrieve_extension" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-extension"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-extension"]
  operations  = local.operations

  environment = {
    EXTENSIONS_TABLE = module.extensions.name
  }

  policies = [module.extensions.policies.get]
}
