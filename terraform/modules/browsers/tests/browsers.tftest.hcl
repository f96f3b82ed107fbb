mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix             = "wallcrawler-test"
  vpc_id             = "vpc-0123456789abcdef0"
  image_tag          = "0123456"
  log_retention_days = 30
}

run "the_task_has_no_role" {
  # What the configuration leaves out would be made up by the mock; what it sets would win over this.
  override_resource {
    target = aws_ecs_task_definition.main
    values = {
      task_role_arn        = ""
      arn                  = "arn:aws:ecs:us-west-2:123456789012:task-definition/mock:1"
      arn_without_revision = "arn:aws:ecs:us-west-2:123456789012:task-definition/mock"
    }
  }

  assert {
    condition     = aws_ecs_task_definition.main.task_role_arn == ""
    error_message = "a page that breaks out of Chrome must find no credentials"
  }

  assert {
    condition = toset(flatten([for statement in jsondecode(module.execution_role.policy).Statement : statement.Action])) == toset([
      "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
      "logs:CreateLogStream", "logs:PutLogEvents",
    ])
    error_message = "the execution role pulls the image and writes the log, and nothing else"
  }

  assert {
    condition = [for statement in jsondecode(module.execution_role.policy).Statement : statement.Action
    if contains(statement.Resource, "*")] == [["ecr:GetAuthorizationToken"]]
    error_message = "only the registry login, which has no narrower resource, is allowed on *"
  }
}

run "the_task_is_one_small_closed_machine" {
  assert {
    condition     = aws_ecs_task_definition.main.cpu == "1024" && aws_ecs_task_definition.main.memory == "2048" && aws_ecs_task_definition.main.requires_compatibilities == toset(["FARGATE"])
    error_message = "1 vCPU and 2 GB on Fargate: what a session is measured and priced with"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].stopTimeout == 120
    error_message = "closing Chrome and saving a profile takes up to 110 s; after that it is killed"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.main.container_definitions)[0].mountPoints[0].containerPath == "/tmp"
    error_message = "nothing but /tmp can be written: no code can be left behind in the image's files"
  }

  assert {
    condition     = !jsondecode(aws_ecs_task_definition.main.container_definitions)[0].linuxParameters.initProcessEnabled
    error_message = "the image's own init process reaps what Chrome leaves: one is enough"
  }

  assert {
    condition     = contains(jsondecode(aws_ecs_task_definition.main.container_definitions)[0].linuxParameters.capabilities.drop, "NET_RAW")
    error_message = "no raw sockets: a container cannot speak for its neighbours"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].linuxParameters.capabilities.add == []
    error_message = "ECS answers with an empty list: left out here, every plan would make a new revision"
  }

  assert {
    condition = { for variable in jsondecode(aws_ecs_task_definition.main.container_definitions)[0].environment : variable.name => variable.value } == {
      MALLOC_MMAP_THRESHOLD_ = "32768", PROXY_PORT = "9223"
    }
    error_message = "memory is given back, the proxy is where the security group and the task-processor expect it, and no secret is in the definition"
  }

  assert {
    condition     = join(" ", jsondecode(aws_ecs_task_definition.main.container_definitions)[0].healthCheck.command) == "CMD health-check"
    error_message = "the health check is the image's, which asks the proxy itself"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].logConfiguration.options.mode == "non-blocking"
    error_message = "the log is kept for a bounded time and never holds up a browser"
  }

  assert {
    condition     = aws_ecs_task_definition.main.skip_destroy
    error_message = "a create that is under way during an upgrade still finds its revision"
  }
}

run "only_the_proxy_is_reached" {
  variables {
    ingress_cidrs = { "CDP clients" = "0.0.0.0/0" }
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.proxy : rule.from_port == 9223 && rule.to_port == 9223 && rule.ip_protocol == "tcp"])
    error_message = "Chrome's own port and everything else stay closed, to the next container as well"
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.proxy) == 1
    error_message = "nobody but who was named"
  }
}

run "nobody_gets_in_unless_named" {
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.proxy) == 0
    error_message = "behind a router the containers are closed to the world"
  }
}

run "the_image_is_the_one_that_was_asked_for" {
  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].image == "${output.repository_url}:0123456"
    error_message = "the task runs the tag that was asked for, from its own repository"
  }
}

run "a_moving_tag_is_refused" {
  command = plan

  variables {
    image_tag = "latest"
  }

  expect_failures = [var.image_tag]
}

run "who_starts_tasks_starts_these_only" {
  assert {
    condition     = jsondecode(output.policies.run).Statement[0].Resource == ["arn:aws:ecs:us-west-2:123456789012:task-definition/mock:*"]
    error_message = "RunTask on this family only"
  }

  assert {
    condition     = jsondecode(output.policies.run).Statement[1].Resource == [module.execution_role.arn] && jsondecode(output.policies.run).Statement[1].Condition.StringEquals["iam:PassedToService"] == "ecs-tasks.amazonaws.com"
    error_message = "PassRole of the execution role only, to ECS only: otherwise a create could start a task as anybody"
  }

  assert {
    condition = alltrue(flatten([for name, policy in output.policies : [for statement in jsondecode(policy).Statement :
    statement.Condition.ArnEquals["ecs:cluster"] == aws_ecs_cluster.main.arn if !contains(statement.Action, "iam:PassRole")] if name != "locate"]))
    error_message = "every call is narrowed to this cluster"
  }

  assert {
    condition     = jsondecode(output.policies.stop).Statement[0].Resource == ["arn:aws:ecs:us-west-2:123456789012:task/mock/*"]
    error_message = "tasks of this cluster, not of another environment"
  }

  assert {
    condition     = flatten([for statement in jsondecode(output.policies.locate).Statement : statement.Action]) == ["ec2:DescribeNetworkInterfaces"]
    error_message = "who looks for a task's address reads network interfaces and nothing else of EC2"
  }
}
