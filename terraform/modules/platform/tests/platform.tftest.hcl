mock_provider "aws" {
  source = "../../testing"
}

variables {
  project                = "wallcrawler"
  environment            = "test"
  image_tag              = "0123456"
  connect                = "direct"
  network                = { nat = "none" }
  alarms                 = { monthly_budget_usd = 50 }
  enable_account_logging = true
}

# One run: each evaluates all of the platform, which takes a quarter of a minute.
run "without_a_choice_it_is_what_the_code_relies_on" {
  # Names tell the environment.
  assert {
    condition     = output.prefix == "wallcrawler-test" && module.sessions.name == "wallcrawler-test-sessions" && module.api_keys.name == "wallcrawler-test-api-keys" && module.token_keys.name == "wallcrawler-test-token-keys"
    error_message = "two environments share an account by their names, and npm run admin finds tables and secret by the prefix"
  }

  assert {
    condition     = module.contexts_bucket.name == "wallcrawler-test-contexts-123456789012"
    error_message = "the account is in the bucket's name, which is unique in the world"
  }

  # Tables are what the code relies on.
  assert {
    condition     = module.sessions.shape.ttl_attribute == "purgeAt"
    error_message = "a TTL on expiresAt would delete history and usage with the deadline"
  }

  assert {
    condition     = module.sessions.shape.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "a step is read from both images"
  }

  assert {
    condition = module.sessions.shape.hash_key == "sessionId" && module.sessions.shape.indexes == tomap({
      "projectId-createdAt" = { hash_key = "projectId", range_key = "createdAt" }
      "status-expiresAt"    = { hash_key = "status", range_key = "expiresAt" }
    })
    error_message = "lists go by project, the sweeper by status"
  }

  assert {
    condition     = [for table in [module.projects, module.api_keys, module.contexts, module.extensions, module.certificates, module.webhooks] : table.shape.hash_key] == ["projectId", "apiKeyHash", "contextId", "extensionId", "certificateId", "webhookId"]
    error_message = "keys as the code writes them; of an API key only its hash"
  }

  assert {
    condition     = alltrue([for table in [module.projects, module.api_keys, module.contexts, module.extensions, module.certificates, module.webhooks] : table.shape.ttl_attribute == null])
    error_message = "nothing but sessions expires"
  }

  assert {
    condition     = alltrue([for table in [module.sessions, module.projects, module.api_keys, module.contexts, module.extensions, module.certificates, module.webhooks] : table.shape.is_protected])
    error_message = "no table is deleted by a mistaken apply"
  }

  # Steps are told in order and never lost.
  assert {
    condition     = aws_lambda_event_source_mapping.sessions.function_response_types == toset(["ReportBatchItemFailures"]) && !aws_lambda_event_source_mapping.sessions.bisect_batch_on_function_error
    error_message = "the function says from where the stream is to be read again: nothing is lost, and nothing overtakes"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.sessions.starting_position == "TRIM_HORIZON" && aws_lambda_event_source_mapping.sessions.maximum_batching_window_in_seconds == 0
    error_message = "from the first step on, and at once: a create waits for it"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.sessions.maximum_retry_attempts == 20 && aws_lambda_event_source_mapping.sessions.destination_config[0].on_failure[0].destination_arn == module.stream_processor.dead_letters_arn
    error_message = "one bad record does not stop the stream for ever, and is kept"
  }

  # Webhooks hear every event and wait their turn.
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.session_event.event_pattern) == { source = ["wallcrawler"], detail-type = ["Session Event"] } && aws_cloudwatch_event_rule.session_event.event_bus_name == module.observability.event_bus.name
    error_message = "of the installation's own bus, and no step of a session's state"
  }

  assert {
    condition     = aws_cloudwatch_event_target.session_event.dead_letter_config[0].arn == module.queue_deliveries.dead_letters_arn
    error_message = "an event that cannot be queued is kept"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.webhooks.function_response_types == toset(["ReportBatchItemFailures"]) && aws_lambda_event_source_mapping.webhooks.scaling_config[0].maximum_concurrency == 10
    error_message = "a delivery that is to be tried again does not repeat those beside it, and creates keep their concurrency"
  }

  assert {
    condition     = module.webhook_deliveries.shape.ttl_attribute == "purgeAt" && module.webhook_deliveries.shape.range_key == "deliveryId"
    error_message = "the log of deliveries is in the order of the events, and ends"
  }

  # Tasks of this cluster are heard.
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.task_state.event_pattern) == {
      source = ["aws.ecs"], detail-type = ["ECS Task State Change"]
      detail = { clusterArn = [module.browsers.arn], lastStatus = ["RUNNING", "STOPPED"] }
    }
    error_message = "without the cluster every task of the account would be taken for a session"
  }

  assert {
    condition     = aws_cloudwatch_event_target.task_state.dead_letter_config[0].arn == module.task_processor.dead_letters_arn && aws_cloudwatch_event_target.sweep.dead_letter_config[0].arn == module.sweeper.dead_letters_arn
    error_message = "an event that cannot be delivered is kept"
  }

  assert {
    condition     = aws_cloudwatch_event_rule.sweep.schedule_expression == "rate(1 minute)"
    error_message = "a session outlives its deadline by a minute at most"
  }

  # Without a warm pool nothing keeps it.
  assert {
    condition     = length(aws_cloudwatch_event_rule.keep_pool) == 0 && length(aws_lambda_event_source_mapping.warm_pool) == 0
    error_message = "a keeper that nobody wants runs never, and costs nothing"
  }

  # Directly a session has a public address.
  assert {
    condition     = output.functions["create-session"].environment.ASSIGN_PUBLIC_IP == "true" && output.functions["create-session"].environment.SUBNETS == join(",", module.network.public_subnet_ids)
    error_message = "without NAT a task needs an address of its own, also to fetch its image"
  }

  assert {
    condition     = output.functions["task-processor"].environment.CONNECT_DIRECT == "true"
    error_message = "clients are told that address, not the private one of the event"
  }

  assert {
    condition     = module.browsers.ingress_cidrs == ["0.0.0.0/0"]
    error_message = "clients are anywhere; the token in the URL decides"
  }

  assert {
    condition     = length(module.network.private_subnet_ids) == 0 && output.router == null
    error_message = "no NAT and no load balancer, which would be most of what an idle environment costs"
  }

  # The origin secret is long and stays.
  assert {
    condition     = data.aws_secretsmanager_random_password.origin_secret.password_length == 48 && data.aws_secretsmanager_random_password.origin_secret.exclude_punctuation
    error_message = "nobody guesses it, and it is a legal header"
  }
}

run "a_warm_pool_is_kept_every_minute_and_when_a_slot_is_free" {
  variables {
    warm = {
      min        = 1
      max        = 5
      vcpu_quota = 100
      schedule   = [{ from = "08:00", to = "18:00", days = ["mon", "fri"], min = 3 }]
    }
  }

  assert {
    condition     = aws_cloudwatch_event_rule.keep_pool["main"].schedule_expression == "rate(1 minute)"
    error_message = "what died or grew old is replaced within a minute"
  }

  assert {
    condition     = jsondecode(one(aws_lambda_event_source_mapping.warm_pool["main"].filter_criteria[0].filter).pattern) == { eventName = ["REMOVE"], dynamodb = { Keys = { pool = { S = ["slots"] } } } }
    error_message = "what the keeper writes itself does not call it again"
  }

  assert {
    condition     = jsondecode(output.functions["keep-pool"].environment.WARM_SIZES) == { min = 1, max = 5, schedule = [{ from = "08:00", to = "18:00", days = ["mon", "fri"], min = 3 }] }
    error_message = "sizes and hours as they were given"
  }

  assert {
    condition     = output.functions["keep-pool"].environment.CAPACITY_PROVIDER == "FARGATE" && output.functions["keep-pool"].environment.WARM_CPU_UNITS == "1024"
    error_message = "warm containers are what sessions that ask for nothing have"
  }

  assert {
    condition     = output.functions["keep-pool"].timeout_seconds < 60
    error_message = "its time-out is below its interval"
  }

  assert {
    condition     = module.warm_pool.shape.hash_key == "pool" && module.warm_pool.shape.range_key == "slot" && module.warm_pool.shape.ttl_attribute == "purgeAt"
    error_message = "slots, claims and demand are partitions of one table, and the last two go by themselves"
  }
}

run "a_warm_pool_without_a_quota_is_refused" {
  command = plan

  variables {
    warm = { max = 5 }
  }

  expect_failures = [var.warm]
}

run "warm_containers_are_of_the_standard_size_and_on_spot_with_the_sessions" {
  variables {
    spot      = true
    task_size = { vcpu = 2, memory_gb = 4 }
    warm      = { max = 5, vcpu_quota = 10 }
  }

  assert {
    condition     = output.functions["keep-pool"].environment.CAPACITY_PROVIDER == "FARGATE_SPOT" && output.functions["keep-pool"].environment.WARM_CPU_UNITS == "2048"
    error_message = "a session that claims one has what it would have had of its own"
  }
}

run "a_quota_that_is_too_small_for_the_size_is_refused" {
  command = plan

  variables {
    task_size = { vcpu = 2, memory_gb = 4 }
    warm      = { max = 5, vcpu_quota = 9 }
  }

  expect_failures = [var.warm]
}

run "hours_that_are_none_are_refused" {
  command = plan

  variables {
    warm = { max = 5, vcpu_quota = 10, schedule = [{ from = "8", to = "18:00", days = ["monday"], min = 3 }] }
  }

  expect_failures = [var.warm]
}

run "through_a_router_it_has_none" {
  variables {
    connect = "router"
    network = { nat = "per_zone" }
    domain  = { name = "browsers.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/c" }
  }

  assert {
    condition     = output.functions["create-session"].environment.ASSIGN_PUBLIC_IP == "false" && output.functions["create-session"].environment.SUBNETS == join(",", module.network.private_subnet_ids)
    error_message = "the internet reaches no browser"
  }

  assert {
    condition     = !contains(keys(output.functions["task-processor"].environment), "CONNECT_DIRECT") && !strcontains(output.functions["task-processor"].policy, "ec2:")
    error_message = "the router connects to the private address, and nobody asks EC2"
  }

  assert {
    condition = toset([for name, function in output.functions : name
    if try(function.environment.PUBLIC_CONNECT_ORIGIN, "") == "wss://browsers.example.com/connect"]) == toset(["create-session", "debug-session", "retrieve-session", "sign-cdp-url", "upload-file"])
    error_message = "whoever tells a connectUrl tells the router's"
  }

  assert {
    condition     = [for statement in jsondecode(output.router.policy).Statement : statement.Action] == [["dynamodb:GetItem"], ["dynamodb:GetItem"]] && !strcontains(output.router.policy, "secret")
    error_message = "the router reads sessions and public keys: it never holds a private key"
  }

  assert {
    condition     = module.public_keys.name == "wallcrawler-test-public-keys" && module.public_keys.shape.hash_key == "keySet" && module.public_keys.shape.is_protected
    error_message = "where npm run admin publishes the keys, by the prefix"
  }

  assert {
    condition     = module.audit.name == "wallcrawler-test-audit" && module.audit.shape.hash_key == "entryId" && module.audit.shape.ttl_attribute == "purgeAt" && module.audit.shape.is_protected
    error_message = "where npm run admin writes what operators did"
  }

  assert {
    condition     = alltrue([for function in output.functions : !strcontains(function.policy, "-audit")])
    error_message = "what operators did is written by operators: no function can change it"
  }

  assert {
    condition = toset([for name, function in output.functions : name
    if contains(keys(function.environment), "PUBLIC_KEYS_TABLE")]) == toset(["describe-replay", "play-replay", "show-replay"])
    error_message = "whoever can write there can make tokens: three read what a replay's link is verified with, and write nothing (functions.tftest.hcl)"
  }

  assert {
    condition     = output.functions["sign-replay-url"].environment.PUBLIC_URL == output.api_url
    error_message = "a replay is at the address that clients know"
  }

  assert {
    condition     = length(module.browsers.ingress_cidrs) == 0 && output.api_url == "https://browsers.example.com"
    error_message = "closed to the world, and one host for the API and for the browsers"
  }
}

run "behind_a_router_a_public_address_is_a_way_out_and_not_a_way_in" {
  variables {
    connect         = "router"
    egress          = "public"
    router_capacity = { min = 1, max = 2 }
    domain          = { name = "browsers.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/c" }
  }

  assert {
    condition     = output.functions["create-session"].environment.ASSIGN_PUBLIC_IP == "true" && output.functions["create-session"].environment.SUBNETS == join(",", module.network.public_subnet_ids)
    error_message = "without NAT a task needs an address of its own, also to fetch its image"
  }

  assert {
    condition     = length(module.browsers.ingress_cidrs) == 0
    error_message = "nobody but the router gets in, whatever address a session has"
  }

  assert {
    condition     = !contains(keys(output.functions["task-processor"].environment), "CONNECT_DIRECT") && output.functions["create-session"].environment.PUBLIC_CONNECT_ORIGIN == "wss://browsers.example.com/connect"
    error_message = "the router connects to the private address, and clients to the router, by TLS"
  }

  assert {
    condition     = length(module.network.private_subnet_ids) == 2
    error_message = "the load balancer of a VPC origin is in private subnets"
  }
}

run "an_address_for_each_and_a_gateway_too_is_refused" {
  command = plan

  variables {
    connect = "router"
    egress  = "public"
    network = { nat = "one" }
  }

  expect_failures = [var.network]
}

run "a_private_session_without_a_way_out_is_refused" {
  command = plan

  variables {
    connect = "router"
  }

  expect_failures = [var.network]
}

run "more_queues_than_an_environment_holds_are_refused" {
  command = plan

  variables {
    limits = { ready_shards = 33 }
  }

  expect_failures = [var.limits]
}
