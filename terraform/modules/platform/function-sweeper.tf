# The clock that ends what nobody ended. Its time-out is below its interval: no two of them at once.

module "sweeper" {
  source = "../function"

  prefix          = local.prefix
  name            = "sweeper"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.function_seconds
  invoked_by = {
    sweep = { principal = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.sweep.arn }
  }
  dead_letters = { async_retries = 0 } # the next minute is the retry
  operations   = local.operations

  environment = {
    SESSIONS_TABLE  = module.sessions.name
    PROJECTS_TABLE  = module.projects.name
    WARM_POOL_TABLE = module.warm_pool.name
    CLUSTER         = module.browsers.name
    CONTEXTS_TABLE  = module.contexts.name
    CONTEXTS_BUCKET = module.contexts_bucket.name
  }

  policies = [
    module.sessions.policies["query/status-expiresAt"],
    module.sessions.policies.get,
    module.sessions.policies.update,
    module.projects.policies.update,
    module.warm_pool.policies.get,
    module.browsers.policies.list,
    module.browsers.policies.stop,
    module.contexts.policies["query/projectId-createdAt"],
    module.contexts.policies.delete,
    module.contexts_bucket.policies.purge,
  ]
}

resource "aws_cloudwatch_event_rule" "sweep" {
  name                = "${local.prefix}-sweep"
  description         = "Every minute"
  schedule_expression = "rate(1 minute)"
}

resource "aws_cloudwatch_event_target" "sweep" {
  rule      = aws_cloudwatch_event_rule.sweep.name
  target_id = "sweeper"
  arn       = module.sweeper.arn

  # A sweep that comes late is worth nothing: there is a newer one.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }

  dead_letter_config {
    arn = module.sweeper.dead_letters_arn
  }
}
