# The API stands before its functions: it names them, and they say who may invoke them.

locals {
  invoked_by_api = {
    for function, source_arns in module.rest_api.source_arns : function => {
      for operation, source_arn in source_arns :
      operation => { principal = "apigateway.amazonaws.com", source_arn = source_arn }
    }
  }
}

module "rest_api" {
  source = "../rest-api"

  prefix                 = local.prefix
  contract               = file("${local.repository_dir}/functions/openapi.json")
  origin_secret          = local.origin_secret
  enable_account_logging = var.enable_account_logging
  log_retention_days     = var.retention.log_days
  throttling             = { requests_per_second = var.limits.requests_per_second, burst = var.limits.request_burst }
}
