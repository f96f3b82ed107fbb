module "retrieve_project" {
  source = "../function"

  prefix      = local.prefix
  name        = "retrieve-project"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["retrieve-project"]
  operations  = local.operations

  environment = {
    PROJECTS_TABLE = module.projects.name
  }

  policies = [
    module.projects.policies.get,
  ]
}
