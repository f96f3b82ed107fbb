mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix    = "wallcrawler-test"
  image_tag = "0123456"
  capacity  = { min = 2, max = 10 }
  clients   = { connect_origin = "wss://browsers.example.com/connect", ready_wait_seconds = 50 }
  network = {
    vpc_id            = "vpc-0123456789abcdef0"
    subnet_ids        = ["subnet-0a", "subnet-0b"]
    task_subnet_ids   = ["subnet-0c", "subnet-0d"]
    assigns_public_ip = false
  }
  browsers = { security_group_id = "sg-0123456789abcdef0", proxy_port = 9223 }
  tables   = { sessions = "wallcrawler-test-sessions", public_keys = "wallcrawler-test-public-keys" }
  operations = {
    alarm_topic_arn    = "arn:aws:sns:us-west-2:123456789012:alarms"
    log_retention_days = 30
    telemetry          = { METRICS_NAMESPACE = "Wallcrawler/wallcrawler-test" }
  }
  policies = [
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\"],\"Resource\":[\"arn:aws:dynamodb:us-west-2:123456789012:table/sessions\"]}]}",
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\"],\"Resource\":[\"arn:aws:dynamodb:us-west-2:123456789012:table/public-keys\"]}]}",
  ]
}

run "it_reads_two_tables_and_can_do_nothing_else" {
  assert {
    condition     = [for statement in jsondecode(module.role.policy).Statement : statement.Action] == [["dynamodb:GetItem"], ["dynamodb:GetItem"]]
    error_message = "a router that is taken over can neither write nor sign"
  }

  assert {
    condition     = aws_ecs_task_definition.main.task_role_arn == module.role.arn
    error_message = "the rights are a role of its own"
  }

  assert {
    condition = [for statement in jsondecode(module.execution_role.policy).Statement : statement.Action
    if contains(statement.Resource, "*")] == [["ecr:GetAuthorizationToken"]]
    error_message = "only the registry login, which has no narrower resource, is allowed on *"
  }
}

run "it_is_not_among_the_sessions" {
  assert {
    condition     = aws_ecs_cluster.main.name == "wallcrawler-test-router"
    error_message = "in the sessions' cluster the sweeper would stop it: it stops every task without a session"
  }
}

run "one_way_leads_from_cloudfront_to_the_browsers" {
  assert {
    condition     = aws_lb.main.internal
    error_message = "the internet reaches no load balancer: who came round CloudFront would come round the firewall"
  }

  assert {
    condition     = data.aws_ec2_managed_prefix_list.cloudfront.name == "com.amazonaws.global.cloudfront.origin-facing" && aws_vpc_security_group_ingress_rule.from_cloudfront.prefix_list_id == data.aws_ec2_managed_prefix_list.cloudfront.id && aws_vpc_security_group_ingress_rule.from_cloudfront.to_port == 80
    error_message = "only CloudFront reaches the load balancer: no browser in the same network does"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_load_balancer.referenced_security_group_id == aws_security_group.load_balancer.id && aws_vpc_security_group_ingress_rule.from_load_balancer.from_port == 8080 && aws_vpc_security_group_ingress_rule.from_load_balancer.to_port == 8080
    error_message = "only the load balancer reaches the router"
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.to_browsers.referenced_security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_egress_rule.to_browsers.from_port == 9223 && aws_vpc_security_group_egress_rule.to_browsers.to_port == 9223
    error_message = "of the browsers the router reaches the proxies only, never Chrome's own port"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.browsers_from_router.security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_ingress_rule.browsers_from_router.referenced_security_group_id == aws_security_group.router.id && aws_vpc_security_group_ingress_rule.browsers_from_router.from_port == 9223 && aws_vpc_security_group_ingress_rule.browsers_from_router.to_port == 9223
    error_message = "the browsers let the router in, and nobody else: not even the browser next door"
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.to_aws.from_port == 443 && aws_vpc_security_group_egress_rule.to_aws.to_port == 443
    error_message = "besides the browsers it speaks to AWS by TLS only"
  }

  assert {
    condition     = !aws_ecs_service.main.network_configuration[0].assign_public_ip
    error_message = "behind a NAT gateway a router has no public address"
  }
}

run "long_connections_are_left_alone" {
  assert {
    condition     = aws_lb.main.idle_timeout == 600
    error_message = "the load balancer's own 60 s would end a WebSocket that pings every 30 s after one lost ping, and an upgrade that waits for its browser"
  }

  assert {
    condition     = tonumber(aws_lb_target_group.main.deregistration_delay) == 3600
    error_message = "a deployment leaves connections an hour, of which the router takes 55 minutes before it says 1012"
  }

  assert {
    condition     = aws_lb_target_group.main.load_balancing_algorithm_type == "least_outstanding_requests"
    error_message = "round robin would send a new task as many new connections as a full one"
  }

  assert {
    condition     = local.drain_seconds < local.stop_timeout_seconds && jsondecode(aws_ecs_task_definition.main.container_definitions)[0].stopTimeout == 120
    error_message = "who is left is told in a close frame before the task is killed"
  }
}

run "a_task_is_replaced_without_a_gap" {
  assert {
    condition     = aws_lb_target_group.main.health_check[0].path == "/health" && aws_lb_target_group.main.health_check[0].matcher == "200"
    error_message = "a router that drains says 503 there and gets no new connection"
  }

  assert {
    condition     = aws_ecs_service.main.deployment_minimum_healthy_percent == 100 && aws_ecs_service.main.deployment_maximum_percent == 200
    error_message = "new ones are there before old ones leave"
  }

  assert {
    condition     = aws_ecs_service.main.deployment_circuit_breaker[0].enable && aws_ecs_service.main.deployment_circuit_breaker[0].rollback
    error_message = "an image that does not come up is taken back"
  }

  assert {
    condition     = aws_ecs_service.main.network_configuration[0].subnets == toset(["subnet-0c", "subnet-0d"]) && aws_lb.main.subnets == toset(["subnet-0a", "subnet-0b"])
    error_message = "in every zone there is: one may fail"
  }

  assert {
    condition     = aws_ecs_task_definition.main.skip_destroy
    error_message = "a roll-back finds its revision"
  }
}

run "it_grows_with_its_connections" {
  assert {
    condition     = aws_appautoscaling_target.main.min_capacity == 2 && aws_appautoscaling_target.main.max_capacity == 10
    error_message = "bounds as they were given"
  }

  assert {
    condition     = aws_appautoscaling_policy.connections.target_tracking_scaling_policy_configuration[0].target_value == 400 && aws_appautoscaling_policy.connections.target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].statistic == "Average"
    error_message = "half full on the average: a zone's connections find room when it fails"
  }

  assert {
    condition     = aws_appautoscaling_policy.connections.target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].namespace == var.operations.telemetry.METRICS_NAMESPACE
    error_message = "the number is where each router's line, once a minute, puts it"
  }

  assert {
    condition     = aws_appautoscaling_policy.connections.target_tracking_scaling_policy_configuration[0].scale_in_cooldown >= 1800
    error_message = "scaling in ends connections: it is slow"
  }
}

run "the_container_is_closed_and_told_what_it_reads" {
  assert {
    condition = { for variable in jsondecode(aws_ecs_task_definition.main.container_definitions)[0].environment : variable.name => variable.value } == {
      DRAIN_MS       = "110000", MAX_SOCKETS = "800", PORT = "8080", READY_WAIT_MS = "50000"
      SESSIONS_TABLE = "wallcrawler-test-sessions", PUBLIC_KEYS_TABLE = "wallcrawler-test-public-keys"

      PUBLIC_CONNECT_ORIGIN = "wss://browsers.example.com/connect"
      METRICS_NAMESPACE     = "Wallcrawler/wallcrawler-test"
    }
    error_message = "all that it reads, and no secret"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.main.container_definitions)[0].user == "1000:1000" && jsondecode(aws_ecs_task_definition.main.container_definitions)[0].linuxParameters.capabilities == { add = [], drop = ["ALL"] }
    error_message = "no root, no capability, nothing to write to; and `add` is said, or each plan would replace the routers"
  }

  assert {
    condition     = !jsondecode(aws_ecs_task_definition.main.container_definitions)[0].linuxParameters.initProcessEnabled
    error_message = "the router is process 1 and drains on SIGTERM itself"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].ulimits[0].softLimit > 2 * local.max_sockets && jsondecode(aws_ecs_task_definition.main.container_definitions)[0].ulimits[0].hardLimit <= 65535
    error_message = "each connection is two open files, and 65,535 is what Fargate documents"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.main.container_definitions)[0].logConfiguration.options.mode == "non-blocking"
    error_message = "the log is kept for a bounded time and never holds up a browser"
  }

  assert {
    condition     = length(aws_lb.main.access_logs) == 0
    error_message = "a log of URLs would be a log of tokens"
  }

  assert {
    condition     = endswith(jsondecode(aws_ecs_task_definition.main.container_definitions)[0].image, ":0123456-arm64")
    error_message = "the task runs the tag that was asked for"
  }
}

run "people_are_told" {
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.main)) == toset(["too-few", "errors", "unreachable", "full"]) && alltrue([for alarm in aws_cloudwatch_metric_alarm.main : alarm.alarm_actions == toset([var.operations.alarm_topic_arn])])
    error_message = "fewer than there should be, errors, nobody there, no room"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.main["too-few"].treat_missing_data == "breaching"
    error_message = "silence is the worst of it: no router at all"
  }
}

run "it_is_the_smallest_task_there_is" {
  assert {
    condition     = aws_ecs_task_definition.main.cpu == "256" && aws_ecs_task_definition.main.memory == "512" && aws_ecs_task_definition.main.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "$7 a month each: more of them are better than larger ones, because one that fails takes fewer with it"
  }
}

run "with_an_address_of_its_own_nobody_gets_in_by_it" {
  variables {
    network = {
      vpc_id            = "vpc-0123456789abcdef0"
      subnet_ids        = ["subnet-0a", "subnet-0b"]
      task_subnet_ids   = ["subnet-0c", "subnet-0d"]
      assigns_public_ip = true
    }
  }

  assert {
    condition     = aws_ecs_service.main.network_configuration[0].assign_public_ip
    error_message = "without NAT a task needs an address to fetch its image and to write its log"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_load_balancer.referenced_security_group_id == aws_security_group.load_balancer.id
    error_message = "the one rule that lets somebody in names the load balancer"
  }
}

run "no_router_at_all_is_refused" {
  command = plan

  variables {
    capacity = { min = 0, max = 4 }
  }

  expect_failures = [var.capacity]
}

run "a_single_zone_is_refused" {
  command = plan

  variables {
    network = { vpc_id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a"], task_subnet_ids = ["subnet-0a"], assigns_public_ip = false }
  }

  expect_failures = [var.network]
}

run "a_moving_tag_is_refused" {
  command = plan

  variables {
    image_tag = "latest"
  }

  expect_failures = [var.image_tag]
}
