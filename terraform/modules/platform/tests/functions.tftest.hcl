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
run "each_function_has_what_it_reads_its_rights_and_its_time" {
  # Every function is told what it reads.
  assert {
    condition = { for name, function in output.functions : name => join(" ", sort(keys(function.environment))) } == {
      answer-not-built           = ""
      authorizer                 = "API_KEYS_TABLE"
      create-context             = "CONTEXTS_BUCKET CONTEXTS_TABLE"
      create-recording-downloads = "ARTIFACTS_BUCKET ARTIFACT_DAYS RECORDING_QUEUE_URL SESSIONS_TABLE"
      create-session             = "ARTIFACTS_BUCKET ASSIGN_PUBLIC_IP BLOCK_ADS CAPACITY_PROVIDER CERTIFICATES_TABLE CLUSTER CONTAINER_NAME CONTEXTS_BUCKET CONTEXTS_TABLE EXTENSIONS_TABLE PROJECTS_TABLE READY_QUEUE_URLS READY_WAIT_MS RECORD_SESSIONS SECURITY_GROUPS SESSIONS_TABLE SUBNETS TASK_DEFINITION TASK_SIZES TOKEN_KEYS_SECRET UNSEEN_CONNECT_MS WARM_MAX WARM_POOL_TABLE"
      create-webhook             = "ALLOWED_NETWORKS WEBHOOKS_TABLE"
      debug-session              = "SESSIONS_TABLE TOKEN_KEYS_SECRET"
      delete-certificate         = "CERTIFICATES_TABLE"
      delete-context             = "CONTEXTS_BUCKET CONTEXTS_TABLE"
      delete-download            = "ARTIFACTS_BUCKET DOWNLOADS_TABLE"
      delete-extension           = "ARTIFACTS_BUCKET EXTENSIONS_TABLE"
      delete-session-downloads   = "ARTIFACTS_BUCKET DOWNLOADS_TABLE SESSIONS_TABLE"
      delete-webhook             = "WEBHOOKS_TABLE"
      deliver-webhooks           = "ALLOWED_NETWORKS EVENT_BUS WEBHOOKS_TABLE WEBHOOK_DELIVERIES_TABLE WEBHOOK_QUEUE_URL"
      describe-replay            = "ARTIFACTS_BUCKET ARTIFACT_DAYS PUBLIC_KEYS_TABLE SESSIONS_TABLE SESSION_EVENTS_TABLE"
      fetch-page                 = "ALLOWED_NETWORKS"
      finish-extension-upload    = "ARTIFACTS_BUCKET EXTENSIONS_TABLE"
      keep-pool                  = "ASSIGN_PUBLIC_IP CAPACITY_PROVIDER CLUSTER CONTAINER_API_URL CONTAINER_NAME SECURITY_GROUPS SUBNETS TASK_DEFINITION TOKEN_KEYS_SECRET VCPU_QUOTA WARM_CPU_UNITS WARM_POOL_TABLE WARM_SIZES"
      list-certificates          = "CERTIFICATES_TABLE"
      list-downloads             = "DOWNLOADS_TABLE SESSIONS_TABLE"
      list-projects              = "PROJECTS_TABLE"
      list-recording-downloads   = "ARTIFACTS_BUCKET ARTIFACT_DAYS SESSIONS_TABLE"
      list-replays               = "ARTIFACTS_BUCKET ARTIFACT_DAYS SESSIONS_TABLE"
      list-session-downloads     = "ARTIFACTS_BUCKET DOWNLOADS_TABLE SESSIONS_TABLE"
      list-session-events        = "SESSIONS_TABLE SESSION_EVENTS_TABLE"
      list-session-logs          = "ARTIFACTS_BUCKET SESSIONS_TABLE"
      list-sessions              = "SESSIONS_TABLE"
      list-webhook-deliveries    = "WEBHOOKS_TABLE WEBHOOK_DELIVERIES_TABLE"
      list-webhooks              = "WEBHOOKS_TABLE"
      make-recording-downloads   = "ARTIFACTS_BUCKET SESSIONS_TABLE"
      play-replay                = "ARTIFACTS_BUCKET ARTIFACT_DAYS PUBLIC_KEYS_TABLE SESSIONS_TABLE"
      publish-events             = "EVENT_BUS"
      queue-deliveries           = "WEBHOOKS_TABLE WEBHOOK_DELIVERIES_TABLE WEBHOOK_QUEUE_URL"
      read-network               = "CERTIFICATES_TABLE SESSIONS_TABLE TOKEN_KEYS_SECRET"
      redeliver-webhook          = "WEBHOOKS_TABLE WEBHOOK_DELIVERIES_TABLE WEBHOOK_QUEUE_URL"
      report-download            = "ARTIFACT_DAYS DOWNLOADS_TABLE SESSIONS_TABLE TOKEN_KEYS_SECRET"
      report-ended               = "CONTEXTS_TABLE PROJECTS_TABLE SESSIONS_TABLE TOKEN_KEYS_SECRET"
      report-events              = "SESSIONS_TABLE SESSION_EVENTS_TABLE TOKEN_KEYS_SECRET"
      report-heartbeat           = "SESSIONS_TABLE TOKEN_KEYS_SECRET"
      report-ready               = "SESSIONS_TABLE TOKEN_KEYS_SECRET"
      report-warm-ready          = "TOKEN_KEYS_SECRET WARM_POOL_TABLE"
      retrieve-certificate       = "CERTIFICATES_TABLE"
      retrieve-context           = "CONTEXTS_TABLE"
      retrieve-download          = "ARTIFACTS_BUCKET DOWNLOADS_TABLE"
      retrieve-extension         = "EXTENSIONS_TABLE"
      retrieve-project           = "PROJECTS_TABLE"
      retrieve-project-usage     = "PROJECTS_TABLE"
      retrieve-recording         = "SESSIONS_TABLE"
      retrieve-replay            = "ARTIFACTS_BUCKET ARTIFACT_DAYS SESSIONS_TABLE"
      retrieve-session           = "SESSIONS_TABLE TOKEN_KEYS_SECRET"
      retrieve-webhook           = "WEBHOOKS_TABLE"
      rotate-webhook-secret      = "WEBHOOKS_TABLE"
      serve-contract             = ""
      show-replay                = "ARTIFACTS_BUCKET PUBLIC_KEYS_TABLE"
      sign-artifact-urls         = "ARTIFACTS_BUCKET SESSIONS_TABLE TOKEN_KEYS_SECRET"
      sign-cdp-url               = "SESSIONS_TABLE TOKEN_KEYS_SECRET"
      sign-extension-url         = "ARTIFACTS_BUCKET EXTENSIONS_TABLE SESSIONS_TABLE TOKEN_KEYS_SECRET"
      sign-profile-url           = "CONTEXTS_BUCKET CONTEXTS_TABLE SESSIONS_TABLE TOKEN_KEYS_SECRET"
      sign-replay-url            = "ARTIFACT_DAYS PUBLIC_URL SESSIONS_TABLE TOKEN_KEYS_SECRET"
      start-extension-upload     = "ARTIFACTS_BUCKET EXTENSIONS_TABLE"
      stream-processor           = "EVENT_BUS READY_TOPIC_ARN SESSION_EVENTS_TABLE"
      sweeper                    = "CLUSTER CONTEXTS_BUCKET CONTEXTS_TABLE PROJECTS_TABLE SESSIONS_TABLE WARM_POOL_TABLE"
      task-processor             = "CONNECT_DIRECT PROJECTS_TABLE SESSIONS_TABLE WARM_POOL_TABLE"
      update-context             = "CONTEXTS_BUCKET CONTEXTS_TABLE"
      update-session             = "CLUSTER SESSIONS_TABLE"
      update-webhook             = "ALLOWED_NETWORKS WEBHOOKS_TABLE"
      upload-certificate         = "CERTIFICATES_TABLE"
      upload-extension           = "ARTIFACTS_BUCKET EXTENSIONS_TABLE"
      upload-file                = "SESSIONS_TABLE TOKEN_KEYS_SECRET"
    }
    error_message = "a variable that is missing ends a function at its start; one too many is a secret or a mistake"
  }

  assert {
    condition     = length(output.functions) == length(fileset("../../../dist", "*.zip"))
    error_message = "every bundle is deployed"
  }

  assert {
    condition     = toset(keys(output.functions)) == setunion(toset(keys(module.rest_api.source_arns)), ["deliver-webhooks", "keep-pool", "make-recording-downloads", "publish-events", "queue-deliveries", "stream-processor", "task-processor", "sweeper"])
    error_message = "every operation of the contract has its function, and every function something that invokes it"
  }

  assert {
    condition     = output.functions["create-session"].environment.READY_QUEUE_URLS == join(",", module.ready_signal.queue_urls) && length(module.ready_signal.queue_urls) == 16
    error_message = "the position in the list is the shard that a create writes on its session"
  }

  # Every function may do its job and nothing else.
  assert {
    condition = { for name, function in output.functions : name => join(" ", sort(distinct([for action in flatten([for statement in jsondecode(function.policy).Statement : statement.Action]) :
      action if !startswith(action, "logs:") && !startswith(action, "xray:") && action != "sqs:SendMessage"]))) } == {
      answer-not-built           = ""
      authorizer                 = "dynamodb:GetItem dynamodb:UpdateItem"
      create-context             = "dynamodb:PutItem s3:PutObject"
      create-recording-downloads = "dynamodb:GetItem s3:GetObject s3:ListBucket s3:PutObject"
      create-session             = "dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem ecs:RunTask ecs:StopTask iam:PassRole s3:GetObject s3:ListBucket secretsmanager:GetSecretValue sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:ReceiveMessage"
      create-webhook             = "dynamodb:PutItem dynamodb:Query"
      debug-session              = "dynamodb:GetItem secretsmanager:GetSecretValue"
      delete-certificate         = "dynamodb:DeleteItem dynamodb:GetItem"
      delete-context             = "dynamodb:GetItem dynamodb:PutItem s3:DeleteObjectVersion s3:ListBucketVersions"
      delete-download            = "dynamodb:DeleteItem dynamodb:GetItem s3:DeleteObject"
      delete-extension           = "dynamodb:DeleteItem dynamodb:GetItem s3:DeleteObject"
      delete-session-downloads   = "dynamodb:DeleteItem dynamodb:GetItem dynamodb:Query s3:DeleteObject"
      delete-webhook             = "dynamodb:DeleteItem dynamodb:GetItem"
      deliver-webhooks           = "dynamodb:GetItem dynamodb:UpdateItem events:PutEvents sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"
      describe-replay            = "dynamodb:GetItem dynamodb:Query s3:GetObject s3:ListBucket"
      fetch-page                 = ""
      finish-extension-upload    = "dynamodb:GetItem dynamodb:PutItem dynamodb:Query s3:DeleteObject s3:GetObject s3:ListBucket s3:PutObject"
      keep-pool                  = "dynamodb:DeleteItem dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem ecs:DescribeTasks ecs:ListTasks ecs:RunTask ecs:StopTask iam:PassRole secretsmanager:GetSecretValue"
      list-certificates          = "dynamodb:Query"
      list-downloads             = "dynamodb:GetItem dynamodb:Query"
      list-projects              = "dynamodb:BatchGetItem"
      list-recording-downloads   = "dynamodb:GetItem s3:GetObject s3:ListBucket"
      list-replays               = "dynamodb:GetItem s3:GetObject s3:ListBucket"
      list-session-downloads     = "dynamodb:GetItem dynamodb:Query s3:GetObject s3:ListBucket"
      list-session-events        = "dynamodb:GetItem dynamodb:Query"
      list-session-logs          = "dynamodb:GetItem s3:GetObject s3:ListBucket"
      list-sessions              = "dynamodb:Query"
      list-webhook-deliveries    = "dynamodb:GetItem dynamodb:Query"
      list-webhooks              = "dynamodb:Query"
      make-recording-downloads   = "dynamodb:GetItem s3:GetObject s3:ListBucket s3:PutObject sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"
      play-replay                = "dynamodb:GetItem s3:GetObject s3:ListBucket"
      publish-events             = "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams events:PutEvents"
      queue-deliveries           = "dynamodb:PutItem dynamodb:Query"
      read-network               = "dynamodb:GetItem secretsmanager:GetSecretValue"
      redeliver-webhook          = "dynamodb:GetItem dynamodb:UpdateItem"
      report-download            = "dynamodb:GetItem dynamodb:PutItem secretsmanager:GetSecretValue"
      report-ended               = "dynamodb:GetItem dynamodb:UpdateItem secretsmanager:GetSecretValue"
      report-events              = "dynamodb:GetItem dynamodb:PutItem dynamodb:Query secretsmanager:GetSecretValue"
      report-heartbeat           = "dynamodb:UpdateItem secretsmanager:GetSecretValue"
      report-ready               = "dynamodb:UpdateItem secretsmanager:GetSecretValue"
      report-warm-ready          = "dynamodb:GetItem dynamodb:UpdateItem secretsmanager:GetSecretValue"
      retrieve-certificate       = "dynamodb:GetItem"
      retrieve-context           = "dynamodb:GetItem"
      retrieve-download          = "dynamodb:GetItem s3:GetObject s3:ListBucket"
      retrieve-extension         = "dynamodb:GetItem"
      retrieve-project           = "dynamodb:GetItem"
      retrieve-project-usage     = "dynamodb:GetItem"
      retrieve-recording         = "dynamodb:GetItem"
      retrieve-replay            = "dynamodb:GetItem s3:GetObject s3:ListBucket"
      retrieve-session           = "dynamodb:GetItem secretsmanager:GetSecretValue"
      retrieve-webhook           = "dynamodb:GetItem"
      rotate-webhook-secret      = "dynamodb:GetItem dynamodb:UpdateItem"
      serve-contract             = ""
      show-replay                = "dynamodb:GetItem"
      sign-artifact-urls         = "dynamodb:GetItem s3:PutObject secretsmanager:GetSecretValue"
      sign-cdp-url               = "dynamodb:GetItem secretsmanager:GetSecretValue"
      sign-extension-url         = "dynamodb:GetItem s3:GetObject s3:ListBucket secretsmanager:GetSecretValue"
      sign-profile-url           = "dynamodb:GetItem s3:GetObject s3:ListBucket s3:PutObject secretsmanager:GetSecretValue"
      sign-replay-url            = "dynamodb:GetItem secretsmanager:GetSecretValue"
      start-extension-upload     = "dynamodb:Query s3:PutObject"
      stream-processor           = "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams dynamodb:PutItem dynamodb:Query events:PutEvents sns:Publish"
      sweeper                    = "dynamodb:DeleteItem dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem ecs:DescribeTasks ecs:ListTasks ecs:StopTask s3:DeleteObjectVersion s3:ListBucketVersions"
      task-processor             = "dynamodb:DeleteItem dynamodb:GetItem dynamodb:UpdateItem ec2:DescribeNetworkInterfaces"
      update-context             = "dynamodb:GetItem s3:PutObject"
      update-session             = "dynamodb:GetItem dynamodb:UpdateItem ecs:StopTask"
      update-webhook             = "dynamodb:GetItem dynamodb:UpdateItem"
      upload-certificate         = "dynamodb:PutItem dynamodb:Query"
      upload-extension           = "dynamodb:PutItem dynamodb:Query s3:PutObject"
      upload-file                = "dynamodb:GetItem secretsmanager:GetSecretValue"
    }
    error_message = "the calls that a bundle makes, and no other: least privilege"
  }

  assert {
    condition = toset([for name, function in output.functions : name
    if contains(flatten([for statement in jsondecode(function.policy).Statement : statement.Action]), "sqs:SendMessage")]) == toset(["create-recording-downloads", "keep-pool", "publish-events", "queue-deliveries", "redeliver-webhook", "stream-processor", "sweeper", "task-processor"])
    error_message = "only what nobody waits for has dead letters; and two send what a webhook is to hear"
  }

  assert {
    condition = alltrue(flatten([for function in values(output.functions) : [for statement in jsondecode(function.policy).Statement :
    [for action in statement.Action : !strcontains(action, "*")]]]))
    error_message = "no wildcard in an action"
  }

  assert {
    condition = toset(flatten([for function in values(output.functions) : [for statement in jsondecode(function.policy).Statement :
    statement.Action if contains(statement.Resource, "*")]])) == toset(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "ecs:ListTasks", "ec2:DescribeNetworkInterfaces"])
    error_message = "* as a resource only where AWS knows no narrower one"
  }

  assert {
    condition     = max([for function in values(output.functions) : length(function.policy)]...) < 10240
    error_message = "IAM takes inline policies of up to 10,240 characters"
  }

  # Each time out is shorter than the one above.
  assert {
    condition = (
      60 >= local.timeouts.edge_seconds
      && local.timeouts.edge_seconds * 1000 > module.rest_api.integration_timeouts_ms["create-session"]
      && module.rest_api.integration_timeouts_ms["create-session"] > output.functions["create-session"].timeout_seconds * 1000
      && output.functions["create-session"].timeout_seconds * 1000 > tonumber(output.functions["create-session"].environment.READY_WAIT_MS)
    )
    error_message = "client 60 >= CloudFront 60 > API 58 > function 57 > wait 50: whoever gives up first can still tell why"
  }

  assert {
    condition = alltrue([for name, timeout in module.rest_api.integration_timeouts_ms :
    timeout > output.functions[name].timeout_seconds * 1000 if contains(keys(output.functions), name)])
    error_message = "no function outlives its caller"
  }

  assert {
    condition     = output.functions["sweeper"].timeout_seconds < 60
    error_message = "no two sweeps at once"
  }
}


