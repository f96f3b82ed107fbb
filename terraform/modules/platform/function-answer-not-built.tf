module "answer_not_built" {
  source = "../function"

  prefix      = local.prefix
  name        = "answer-not-built"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["answer-not-built"]
  operations  = local.operations
}
