module "list_certificates" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-certificates"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-certificates"]
  operations  = local.operations

  environment = {
    CERTIFICATES_TABLE = module.certificates.name
  }

  policies = [module.certificates.policies["query/projectId-createdAt"]]
}
