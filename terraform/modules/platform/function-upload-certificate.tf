module "upload_certificate" {
  source = "../function"

  prefix      = local.prefix
  name        = "upload-certificate"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["upload-certificate"]
  operations  = local.operations

  environment = {
    CERTIFICATES_TABLE = module.certificates.name
  }

  policies = [
    module.certificates.policies.put,
    module.certificates.policies["query/projectId-createdAt"],
  ]
}
