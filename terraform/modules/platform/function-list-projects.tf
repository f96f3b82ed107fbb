module "list_projects" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-projects"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-projects"]
  operations  = local.operations

  environment = {
    PROJECTS_TABLE = module.projects.name
  }

  policies = [
    module.projects.policies.batch_get,
  ]
}
