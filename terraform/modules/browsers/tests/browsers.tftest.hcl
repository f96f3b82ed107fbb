mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix             = "wallcrawler-test"
  vpc_id             = "vpc-0123456789abcdef0"
  image_tag          = "0123456"
  log_retention_days = 30
  subnets            = { ids = ["subnet-a", "subnet-b"], vpc_cidr = "10.0.0.0/16" }
  telemetry          = { METRICS_NAMESPACE = "Wallcrawler/wallcrawler-test" }
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
      CAPACITY_PROVIDER = "FARGATE", MALLOC_MMAP_THRESHOLD_ = "32768", PROXY_PORT = "9223",
      EGRESS_GUARD      = "1", ALLOWED_NETWORKS = "", AD_HOSTS_FILE = "", UV_THREADPOOL_SIZE = "16"
      METRICS_NAMESPACE = "Wallcrawler/wallcrawler-test"
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
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].image == "${output.repository_url}:0123456-x86_64" && aws_ecs_task_definition.main.runtime_platform[0].cpu_architecture == "X86_64"
    error_message = "the task runs the tag that was asked for, from its own repository, on what it was built for"
  }
}

run "arm64_is_one_word" {
  variables {
    architecture = "arm64"
  }

  assert {
    condition     = endswith(jsondecode(aws_ecs_task_definition.main.container_definitions)[0].image, ":0123456-arm64") && aws_ecs_task_definition.main.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "an image of the other architecture does not start: tag and platform change together"
  }
}

run "no_other_architecture" {
  command = plan

  variables {
    architecture = "ARM64"
  }

  expect_failures = [var.architecture]
}

run "spot_is_one_word" {
  variables {
    spot = true
  }

  assert {
    condition     = output.capacity_provider == "FARGATE_SPOT" && contains(aws_ecs_cluster_capacity_providers.main.capacity_providers, "FARGATE_SPOT")
    error_message = "who starts tasks names Spot, and the cluster has it"
  }

  assert {
    condition     = contains(jsondecode(aws_ecs_task_definition.main.container_definitions)[0].environment, { name = "CAPACITY_PROVIDER", value = "FARGATE_SPOT" })
    error_message = "a container that AWS may take back knows it, and asks for the reason"
  }
}

run "sizes_are_told_in_the_units_of_ecs" {
  variables {
    task_size  = { vcpu = 0.5, memory_gb = 1 }
    task_sizes = { large = { vcpu = 2, memory_gb = 4 } }
  }

  assert {
    condition     = aws_ecs_task_definition.main.cpu == "512" && aws_ecs_task_definition.main.memory == "1024"
    error_message = "a session that asks for nothing has task_size"
  }

  assert {
    condition     = jsondecode(output.task_sizes) == { large = { cpu = 2048, memory = 4096 } }
    error_message = "a session that asks for a size overrides the definition's with these"
  }
}

run "a_size_that_fargate_does_not_have_is_refused" {
  command = plan

  variables {
    task_size  = { vcpu = 1, memory_gb = 1 }
    task_sizes = { odd = { vcpu = 0.5, memory_gb = 5 } }
  }

  expect_failures = [var.task_size, var.task_sizes]
}

run "a_size_needs_a_plain_name" {
  command = plan

  variables {
    task_sizes = { "Very Large" = { vcpu = 2, memory_gb = 4 } }
  }

  expect_failures = [var.task_sizes]
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

run "no_browser_reaches_a_private_network" {
  variables {
    allowed_networks = ["10.9.0.0/16", "fd00::/8"]
  }

  assert {
    condition = [for key in sort(keys(aws_network_acl_rule.egress)) : "${aws_network_acl_rule.egress[key].rule_action} ${aws_network_acl_rule.egress[key].cidr_block}"] == [
      "allow 10.0.0.0/16", "allow 10.0.0.0/16", "allow 10.9.0.0/16",
      "deny 10.0.0.0/8", "deny 172.16.0.0/12", "deny 192.168.0.0/16", "deny 100.64.0.0/10",
      "allow 0.0.0.0/0",
    ]
    error_message = "private networks are denied but for the owner's, and all the rest is the internet"
  }

  assert {
    condition = [for key in sort(keys(aws_network_acl_rule.egress)) : aws_network_acl_rule.egress[key].rule_number] == [
      for index in range(8) : 100 + index * 10
    ] && alltrue([for rule in aws_network_acl_rule.egress : rule.egress])
    error_message = "the first rule that fits decides: the order is the rule"
  }

  assert {
    condition = [for key in ["00", "01"] : [aws_network_acl_rule.egress[key].protocol, aws_network_acl_rule.egress[key].from_port, aws_network_acl_rule.egress[key].to_port]] == [
      ["tcp", 80, 80], ["tcp", 1024, 65535],
    ]
    error_message = "load balancer, routers and browsers reach each other, wherever they stand"
  }

  assert {
    condition     = aws_network_acl.main.subnet_ids == toset(["subnet-a", "subnet-b"]) && aws_network_acl_rule.ingress.rule_action == "allow" && !aws_network_acl_rule.ingress.egress
    error_message = "it is the ACL of the browsers' subnets, and who comes in is for the security groups"
  }
}
