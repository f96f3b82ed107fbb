module "delete_certificate" {
  source = "../function"

  prefix      = local.prefix
  name        = "delete-certificate"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["delete-certificate"]
  operations  = local.operations

  environment = {
    CERTIFICATES_TABLE = module.certificates.name
  }

  policies = [
    module.certificates.policies.get,
    module.certificates.policies.delete,
  ]
}
