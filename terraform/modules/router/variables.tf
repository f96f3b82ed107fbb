variable "architecture" {
  type        = string
  description = "x86_64 or arm64: what the tasks run on. The image of the same name must have been pushed."
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "browsers" {
  type        = object({ security_group_id = string, proxy_port = number })
  description = "Where the sessions' proxies are reached."
  nullable    = false
}

variable "capacity" {
  type        = object({ min = number, max = number })
  description = "How many tasks there are. Each takes 800 connections."
  nullable    = false

  validation {
    condition     = var.capacity.min >= 1 && var.capacity.max >= var.capacity.min
    error_message = "capacity.min must be at least 1, and 2 where one may fail without anybody noticing; capacity.max must not be below it."
  }
}

variable "clients" {
  type        = object({ connect_origin = string, ready_wait_seconds = number })
  description = "Where clients reach the router, as wss://host/connect, which it tells those that ask /json/version; and how long a connection is held for a session that is not ready: shorter than CloudFront waits."
  nullable    = false

  validation {
    condition     = startswith(var.clients.connect_origin, "wss://")
    error_message = "clients.connect_origin must begin with wss://: the token is in the URL."
  }
}

variable "enable_deletion_protection" {
  type        = bool
  description = "Whether the load balancer, and the repository while there are images in it, refuse to be destroyed."
  default     = true
  nullable    = false
}

variable "image_tag" {
  type        = string
  description = "Tag of the image to run: the commit that it was built from."

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "image_tag must be a tag that never moves, such as a commit."
  }
}

variable "network" {
  type = object({
    vpc_id            = string
    subnet_ids        = list(string)
    task_subnet_ids   = list(string)
    assigns_public_ip = bool
  })
  description = "Private subnets of two zones at least, for the load balancer; those of the tasks, and whether tasks have public addresses there, which only AWS hears from: no rule lets anybody in."
  nullable    = false

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network.subnet_ids must be at least two: a zone may fail, and a load balancer takes no fewer."
  }
}

variable "operations" {
  type        = object({ alarm_topic_arn = string, log_retention_days = number, telemetry = optional(map(string), {}) })
  description = "Where alarms go, how long the log is kept, and the environment that says where numbers and traces go."
  nullable    = false
}

variable "policies" {
  type        = list(string)
  description = "Policy JSON of what the router reads: sessions and public keys, and never a private key."
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "What all names begin with."

  validation {
    condition     = length(var.prefix) <= 25
    error_message = "prefix must have 25 characters at most: load balancers have names of 32."
  }
}

variable "tables" {
  type        = object({ sessions = string, public_keys = string })
  description = "Names of the tables that the router reads."
  nullable    = false
}
