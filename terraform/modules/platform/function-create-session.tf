# Waits for its browser: up to 50 s, hence the long time-out and the streamed answer.

module "create_session" {
  source = "../function"

  prefix          = local.prefix
  name            = "create-session"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.function_seconds
  invoked_by      = local.invoked_by_api["create-session"]
  operations      = local.operations

  environment = merge(local.connect_environment, {
    SESSIONS_TABLE     = module.sessions.name
    PROJECTS_TABLE     = module.projects.name
    CONTEXTS_TABLE     = module.contexts.name
    CONTEXTS_BUCKET    = module.contexts_bucket.name
    EXTENSIONS_TABLE   = module.extensions.name
    CERTIFICATES_TABLE = module.certificates.name
    ARTIFACTS_BUCKET   = module.artifacts_bucket.name
    TOKEN_KEYS_SECRET  = module.token_keys.name
    CLUSTER            = module.browsers.name
    TASK_DEFINITION    = module.browsers.task_definition_arn
    CAPACITY_PROVIDER  = module.browsers.capacity_provider
    TASK_SIZES         = module.browsers.task_sizes
    CONTAINER_NAME     = module.browsers.container_name
    SUBNETS            = join(",", local.task_subnet_ids)
    SECURITY_GROUPS    = module.browsers.security_group_id
    ASSIGN_PUBLIC_IP   = tostring(local.has_own_address)
    READY_QUEUE_URLS   = join(",", module.ready_signal.queue_urls)
    READY_WAIT_MS      = tostring(local.timeouts.wait_seconds * 1000)
    UNSEEN_CONNECT_MS  = tostring(local.timeouts.unseen_connect_seconds * 1000)
    WARM_POOL_TABLE    = module.warm_pool.name
    WARM_MAX           = tostring(var.warm.max)
    RECORD_SESSIONS    = tostring(var.record_sessions)
    BLOCK_ADS          = tostring(var.block_ads)
  })

  policies = [
    module.sessions.policies.get,
    module.sessions.policies.put,
    module.sessions.policies.update,
    module.sessions.policies["query/projectId-createdAt"],
    module.projects.policies.get,
    module.projects.policies.update,
    module.contexts.policies.get,
    module.extensions.policies.get,
    module.certificates.policies.get,
    module.warm_pool.policies.get,
    module.warm_pool.policies.query,
    module.warm_pool.policies.put,
    module.warm_pool.policies.update,
    module.warm_pool.policies.delete,
    module.contexts_bucket.policies.read,  # a warm container is told where its profile is
    module.artifacts_bucket.policies.read, # and its extension
    module.token_keys.policies.read,
    module.browsers.policies.run,
    module.browsers.policies.stop,
    module.ready_signal.policies.receive,
  ]
}
