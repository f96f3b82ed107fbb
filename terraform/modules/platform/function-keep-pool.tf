# The keeper of the warm pool: fills it and empties it, every minute and at once when a slot has become free. With
# `warm.max = 0` nothing invokes it. Its time-out is below its interval.

locals {
  # By a name, so that nothing of it is there without a pool.
  keep_pool = { for name, max in { main = var.warm.max } : name => max if max > 0 }

  # What containers call: not the edge, which is for clients.
  container_api_url = "https://${module.rest_api.domain_name}/${module.rest_api.stage_name}"
}

module "keep_pool" {
  source = "../function"

  prefix          = local.prefix
  name            = "keep-pool"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.function_seconds
  invoked_by = {
    for name, rule in aws_cloudwatch_event_rule.keep_pool :
    "keep" => { principal = "events.amazonaws.com", source_arn = rule.arn }
  }
  dead_letters = { async_retries = 0 } # the next minute is the retry
  operations   = local.operations

  environment = {
    WARM_POOL_TABLE   = module.warm_pool.name
    WARM_SIZES        = jsonencode({ min = var.warm.min, max = var.warm.max, schedule = var.warm.schedule })
    VCPU_QUOTA        = tostring(var.warm.vcpu_quota)
    WARM_CPU_UNITS    = module.browsers.task_cpu_units
    TOKEN_KEYS_SECRET = module.token_keys.name
    CONTAINER_API_URL = local.container_api_url
    CLUSTER           = module.browsers.name
    TASK_DEFINITION   = module.browsers.task_definition_arn
    CAPACITY_PROVIDER = module.browsers.capacity_provider
    CONTAINER_NAME    = module.browsers.container_name
    SUBNETS           = join(",", local.task_subnet_ids)
    SECURITY_GROUPS   = module.browsers.security_group_id
    ASSIGN_PUBLIC_IP  = tostring(local.has_own_address)
  }

  policies = [
    module.warm_pool.policies.query,
    module.warm_pool.policies.put,
    module.warm_pool.policies.update,
    module.warm_pool.policies.delete,
    module.warm_pool.policies.stream,
    module.token_keys.policies.read,
    module.browsers.policies.list,
    module.browsers.policies.run,
    module.browsers.policies.stop,
  ]
}

resource "aws_cloudwatch_event_rule" "keep_pool" {
  for_each = local.keep_pool

  name                = "${local.prefix}-keep-pool"
  description         = "Every minute"
  schedule_expression = "rate(1 minute)"
}

resource "aws_cloudwatch_event_target" "keep_pool" {
  for_each = local.keep_pool

  rule      = aws_cloudwatch_event_rule.keep_pool[each.key].name
  target_id = "keep-pool"
  arn       = module.keep_pool.arn

  # A run that comes late is worth nothing: there is a newer one.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }

  dead_letter_config {
    arn = module.keep_pool.dead_letters_arn
  }
}

# A claim, or a stop, has freed a slot.
resource "aws_lambda_event_source_mapping" "warm_pool" {
  for_each = local.keep_pool

  function_name    = module.keep_pool.arn
  event_source_arn = module.warm_pool.stream_arn
  # From the beginning: what is written while the mapping is being made would be missed otherwise.
  starting_position = "TRIM_HORIZON"
  batch_size        = 100
  # Many claims at once are one run.
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error     = false
  # The next minute is the retry.
  maximum_retry_attempts        = 0
  maximum_record_age_in_seconds = 60

  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["REMOVE"], dynamodb = { Keys = { pool = { S = ["slots"] } } } })
    }
  }

  destination_config {
    on_failure {
      destination_arn = module.keep_pool.dead_letters_arn
    }
  }
}
