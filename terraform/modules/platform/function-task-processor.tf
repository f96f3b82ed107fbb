# Hears of each task of the cluster: RUNNING brings the address, or the notice that Spot takes it back; STOPPED ends the
# session. Of the warm pool's tasks the first fills a slot, and the others free it.

module "task_processor" {
  source = "../function"

  prefix      = local.prefix
  name        = "task-processor"
  package_dir = local.package_dir
  invoked_by = {
    task-state = { principal = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.task_state.arn }
  }
  dead_letters = { async_retries = 2 }
  operations   = local.operations

  environment = merge(
    {
      SESSIONS_TABLE  = module.sessions.name
      PROJECTS_TABLE  = module.projects.name
      WARM_POOL_TABLE = module.warm_pool.name
    },
    # The event has a task's private address only: where that is not the one, EC2 is asked.
    { for name, value in { CONNECT_DIRECT = "true" } : name => value if local.is_direct },
  )

  policies = concat(
    [
      module.sessions.policies.get,
      module.sessions.policies.update,
      module.projects.policies.update,
      module.warm_pool.policies.get,
      module.warm_pool.policies.update,
      module.warm_pool.policies.delete,
    ],
    local.is_direct ? [module.browsers.policies.locate] : [],
  )
}

resource "aws_cloudwatch_event_rule" "task_state" {
  name        = "${local.prefix}-task-state"
  description = "Tasks of this cluster that run or have stopped"
  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [module.browsers.arn]
      lastStatus = ["RUNNING", "STOPPED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "task_state" {
  rule      = aws_cloudwatch_event_rule.task_state.name
  target_id = "task-processor"
  arn       = module.task_processor.arn

  # Later than that the sweeper has seen it.
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.task_processor.dead_letters_arn
  }
}
