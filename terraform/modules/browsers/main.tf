# One Fargate task for each session: image, cluster, task definition. The task has no role.

locals {
  name           = "${var.prefix}-browser"
  container_name = "controller"
  proxy_port     = 9223
  # Longer than the 110 s that the controller takes at most; Fargate allows no more.
  stop_timeout_seconds = 120
  capacity_provider    = var.spot ? "FARGATE_SPOT" : "FARGATE"
  units                = 1024 # of a vCPU, and megabytes of a gigabyte
}

resource "aws_ecs_cluster" "main" {
  name = var.prefix

  setting {
    name = "containerInsights"
    # It is paid by the task, and ours live for minutes.
    value = "disabled"
  }
}

# Both, so that a change of `spot` is a change of who starts tasks, and the tasks that run stay.
resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

module "log" {
  source = "../task-log"

  name           = local.name
  stream_prefix  = "session"
  retention_days = var.log_retention_days
}

# What ECS itself needs to start the container; the container never holds it.
module "execution_role" {
  source = "../task-role"

  name     = "${local.name}-execution"
  policies = [module.image.policies.pull, module.log.policies.write]
}

resource "aws_ecs_task_definition" "main" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = tostring(var.task_size.vcpu * local.units)
  memory                   = tostring(var.task_size.memory_gb * local.units)
  execution_role_arn       = module.execution_role.arn
  # No task_role_arn: what a page or a CDP client reaches from inside is worth nothing.

  # A create that is under way, and a function that was rolled back, still run the revision they know.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.architecture)
  }

  # The only place that can be written: profile, downloads and TMPDIR lie below it.
  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([{
    name                   = local.container_name
    image                  = "${module.image.url}:${var.image_tag}-${var.architecture}"
    essential              = true
    readonlyRootFilesystem = true
    stopTimeout            = local.stop_timeout_seconds
    portMappings           = [{ containerPort = local.proxy_port, protocol = "tcp" }]
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    # By name, as ECS answers with them.
    environment = [for name, value in merge(var.telemetry, {
      # A list of the hosts of ads, which the image may have.
      AD_HOSTS_FILE = var.ad_hosts_file
      # Besides the public network, what browsers get out to.
      ALLOWED_NETWORKS = join(",", var.allowed_networks)
      # What it is stopped for may be known only moments after it is told to stop.
      CAPACITY_PROVIDER = local.capacity_provider
      # The controller's guard is a browser's one way out.
      EGRESS_GUARD = "1"
      # Frames of up to 256 MB pass through: large blocks are given back at once instead of growing the heap.
      MALLOC_MMAP_THRESHOLD_ = "32768"
      PROXY_PORT             = tostring(local.proxy_port)
      # It looks names up by threads, and files are read by the same ones.
      UV_THREADPOOL_SIZE = "16"
    }) : { name = name, value = value }]
    linuxParameters = {
      # The image has its own, so that it is the same wherever it runs.
      initProcessEnabled = false
      # All of the default ones but the six that the controller needs to run Chrome as another user.
      # ECS answers with an empty `add`: without it every plan would replace the task definition.
      capabilities = { add = [], drop = ["AUDIT_WRITE", "FOWNER", "FSETID", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETPCAP"] }
    }
    # ECS does not read the image's own; they are the same, held by tests/contract/image.test.ts.
    healthCheck = {
      command     = ["CMD", "health-check"]
      interval    = 30
      timeout     = 5
      retries     = 3
      startPeriod = 60
    }
    logConfiguration = module.log.configuration
  }])
}
