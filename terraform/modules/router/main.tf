# The one address of all browsers: a Fargate service behind an internal load balancer. It keeps nothing, so any task can
# take any connection, and a task can be replaced as soon as its connections have ended.

locals {
  name           = "${var.prefix}-router"
  container_name = "router"
  port           = 8080
  # Fargate allows no more.
  stop_timeout_seconds = 120
  drain_seconds        = 110
  # What the smallest task takes (docs/runbooks/costs.md); scaling starts at half of it.
  max_sockets  = 800
  health_check = "fetch('http://127.0.0.1:${local.port}/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
}

# Not the sessions' cluster: the sweeper stops every task there that has no session.
resource "aws_ecs_cluster" "main" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "disabled" # the load balancer and the log have the numbers
  }
}

module "log" {
  source = "../task-log"

  name           = local.name
  stream_prefix  = "router"
  retention_days = var.operations.log_retention_days
}

# What the router itself may do, which is to read two tables.
module "role" {
  source = "../task-role"

  name     = local.name
  policies = var.policies
}

# What ECS needs to start it.
module "execution_role" {
  source = "../task-role"

  name     = "${local.name}-execution"
  policies = [module.image.policies.pull, module.log.policies.write]
}

resource "aws_ecs_task_definition" "main" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = module.execution_role.arn
  task_role_arn            = module.role.arn

  # What is rolled back to must still be there.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.architecture)
  }

  container_definitions = jsonencode([{
    name                   = local.container_name
    image                  = "${module.image.url}:${var.image_tag}-${var.architecture}"
    essential              = true
    readonlyRootFilesystem = true
    user                   = "1000:1000"
    stopTimeout            = local.stop_timeout_seconds
    portMappings           = [{ containerPort = local.port, protocol = "tcp" }]
    # By name, as ECS answers with them.
    environment = [for name, value in merge(var.operations.telemetry, {
      DRAIN_MS              = tostring(local.drain_seconds * 1000)
      MAX_SOCKETS           = tostring(local.max_sockets)
      PORT                  = tostring(local.port)
      PUBLIC_CONNECT_ORIGIN = var.clients.connect_origin
      PUBLIC_KEYS_TABLE     = var.tables.public_keys
      READY_WAIT_MS         = tostring(var.clients.ready_wait_seconds * 1000)
      SESSIONS_TABLE        = var.tables.sessions
    }) : { name = name, value = value }]
    linuxParameters = {
      # It starts no processes, so none has to be reaped; and an init is one more file to be put into an empty image.
      initProcessEnabled = false
      # ECS answers with an empty `add`: without it every plan would replace the task definition, and so every router.
      capabilities = { add = [], drop = ["ALL"] }
    }
    # Two for each connection, and room; Fargate's own hard limit.
    ulimits = [{ name = "nofile", softLimit = 65535, hardLimit = 65535 }]
    healthCheck = {
      command     = ["CMD", "node", "-e", local.health_check]
      interval    = 30
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }
    logConfiguration = module.log.configuration
  }])
}
