# What is stored, and how a waiting create hears of its session.

module "sessions" {
  source = "../table"

  name     = "${local.prefix}-sessions"
  hash_key = "sessionId"
  indexes = {
    projectId-createdAt = { hash_key = "projectId", range_key = "createdAt" }
    status-expiresAt    = { hash_key = "status", range_key = "expiresAt" }
  }
  # Not expiresAt, which is the deadline: history and usage would go with it.
  ttl_attribute              = "purgeAt"
  enable_stream              = true
  enable_deletion_protection = var.enable_deletion_protection
}

# What happened in each session: a row for each event, read by clients and told to the event bus.
module "session_events" {
  source = "../table"

  name                       = "${local.prefix}-session-events"
  hash_key                   = "sessionId"
  range_key                  = "sequence"
  ttl_attribute              = "purgeAt"
  enable_stream              = true
  enable_deletion_protection = var.enable_deletion_protection
}

module "projects" {
  source = "../table"

  name                       = "${local.prefix}-projects"
  hash_key                   = "projectId"
  enable_deletion_protection = var.enable_deletion_protection
}

module "api_keys" {
  source = "../table"

  name                       = "${local.prefix}-api-keys"
  hash_key                   = "apiKeyHash"
  enable_deletion_protection = var.enable_deletion_protection
}

# What operators did, written by npm run admin with their own rights: no function has any on it.
module "audit" {
  source = "../table"

  name     = "${local.prefix}-audit"
  hash_key = "entryId"
  indexes = {
    log-at = { hash_key = "log", range_key = "at" }
  }
  ttl_attribute              = "purgeAt"
  enable_deletion_protection = var.enable_deletion_protection
}

module "contexts" {
  source = "../table"

  name     = "${local.prefix}-contexts"
  hash_key = "contextId"
  indexes = {
    projectId-createdAt = { hash_key = "projectId", range_key = "createdAt" }
  }
  enable_deletion_protection = var.enable_deletion_protection
}

module "extensions" {
  source = "../table"

  name     = "${local.prefix}-extensions"
  hash_key = "extensionId"
  indexes = {
    projectId-createdAt = { hash_key = "projectId", range_key = "createdAt" }
  }
  enable_deletion_protection = var.enable_deletion_protection
}

module "certificates" {
  source = "../table"

  name     = "${local.prefix}-certificates"
  hash_key = "certificateId"
  indexes = {
    projectId-createdAt = { hash_key = "projectId", range_key = "createdAt" }
  }
  enable_deletion_protection = var.enable_deletion_protection
}

# Where projects want to hear of their sessions, with the secrets that what is sent there is signed with.
module "webhooks" {
  source = "../table"

  name     = "${local.prefix}-webhooks"
  hash_key = "webhookId"
  indexes = {
    projectId-createdAt = { hash_key = "projectId", range_key = "createdAt" }
  }
  enable_deletion_protection = var.enable_deletion_protection
}

# What was sent to them, and what waits to be. Those that have failed are in an index of their own.
module "webhook_deliveries" {
  source = "../table"

  name      = "${local.prefix}-webhook-deliveries"
  hash_key  = "webhookId"
  range_key = "deliveryId"
  indexes = {
    failedWebhookId-deliveryId = { hash_key = "failedWebhookId", range_key = "deliveryId" }
  }
  ttl_attribute              = "purgeAt"
  enable_deletion_protection = var.enable_deletion_protection
}

module "contexts_bucket" {
  source = "../bucket"

  name                       = "${local.prefix}-contexts-${data.aws_caller_identity.current.account_id}"
  old_version_days           = var.retention.old_profile_days
  enable_deletion_protection = var.enable_deletion_protection
}

# The files that sessions have downloaded; they themselves are artifacts.
module "downloads" {
  source = "../table"

  name     = "${local.prefix}-downloads"
  hash_key = "downloadId"
  indexes = {
    sessionId-createdAt = { hash_key = "sessionId", range_key = "createdAt" }
  }
  ttl_attribute              = "purgeAt"
  enable_deletion_protection = var.enable_deletion_protection
}

# What sessions leave beside their profiles: each kind below a prefix of its own, for so many days.
module "artifacts_bucket" {
  source = "../bucket"

  name             = "${local.prefix}-artifacts-${data.aws_caller_identity.current.account_id}"
  old_version_days = null
  expiry_days = merge(
    { for prefix in ["downloads/", "logs/", "recordings/"] : prefix => var.retention.artifact_days },
    { "extension-uploads/" = 1 }, # zips that nobody has made an extension of
  )
  readable_from              = ["*"] # recordings, by whoever has a URL of one
  enable_deletion_protection = var.enable_deletion_protection
}

module "ready_signal" {
  source = "../ready-signal"

  prefix = local.prefix
  shards = var.limits.ready_shards
}

# Containers that wait for a session: a row for each slot, whose the claimed ones are, and how many are asked for.
module "warm_pool" {
  source = "../table"

  name                       = "${local.prefix}-warm-pool"
  hash_key                   = "pool"
  range_key                  = "slot"
  ttl_attribute              = "purgeAt"
  enable_stream              = true
  enable_deletion_protection = var.enable_deletion_protection
}

module "token_keys" {
  source = "../secret"

  name                       = "${local.prefix}-token-keys"
  description                = "Signing keys of the session tokens. Written by: npm run admin -- token-keys rotate"
  enable_deletion_protection = var.enable_deletion_protection
}

# The public halves of them, where the router reads them: whoever reads the secret could sign. One item, written by the
# same command.
module "public_keys" {
  source = "../table"

  name                       = "${local.prefix}-public-keys"
  hash_key                   = "keySet"
  enable_deletion_protection = var.enable_deletion_protection
}
