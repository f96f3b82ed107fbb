module "serve_contract" {
  source = "../function"

  prefix      = local.prefix
  name        = "serve-contract"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["serve-contract"]
  operations  = local.operations
}
