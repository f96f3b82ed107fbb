# Asks for one page on behalf of a client; the public network alone, and what the owner has allowed. It may do nothing else.

module "fetch_page" {
  source = "../function"

  prefix          = local.prefix
  name            = "fetch-page"
  package_dir     = local.package_dir
  memory_mb       = 1024 # a page of 1 MB becomes Markdown in a fraction of a second
  timeout_seconds = local.timeouts.fetch_seconds
  invoked_by      = local.invoked_by_api["fetch-page"]
  operations      = local.operations

  environment = {
    ALLOWED_NETWORKS = join(",", var.allowed_networks)
  }
}
