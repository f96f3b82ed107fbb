variable "alarms" {
  type = object({
    emails             = optional(set(string), [])
    monthly_budget_usd = optional(number)
  })
  description = "Who is told, and what the account may cost a month; without that, there is no budget."
  nullable    = false
}

variable "allowed_networks" {
  type        = list(string)
  description = "Networks that browsers may reach, and a client have asked by the API (POST /v1/fetch, webhooks), although they are not public, such as 10.1.0.0/16. Functions stand outside of the VPC: what they reach of these is for you to see to."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for network in var.allowed_networks : can(cidrhost(network, 0))])
    error_message = "allowed_networks must be networks such as 10.1.0.0/16."
  }
}

variable "architecture" {
  type = object({
    browsers = optional(string, "x86_64")
    router   = optional(string, "arm64")
  })
  description = "What browsers and routers run on: x86_64, or arm64, which is a fifth cheaper."
  default     = {}
  nullable    = false
}

variable "block_ads" {
  type        = bool
  description = "Whether the controller's image has a list of the hosts of ads, for sessions with blockAds: the deploy takes it from WALLCRAWLER_AD_HOSTS."
  default     = false
  nullable    = false
}

variable "connect" {
  type        = string
  description = "direct: clients connect to each session's public address. router: clients connect to wss://<host>/connect, and nobody but the router reaches a session."
  nullable    = false

  validation {
    condition     = contains(["direct", "router"], var.connect)
    error_message = "connect must be direct or router."
  }
}

variable "domain" {
  type        = object({ name = string, certificate_arn = string })
  description = "A name of your own for the API, and its certificate in us-east-1."
  default     = null
}

variable "egress" {
  type        = string
  description = "How sessions and routers behind a router reach the internet. nat: through network.nat. public: each by an address of its own, without a NAT gateway. Of no use where connect is direct, which is always public."
  default     = "nat"
  nullable    = false

  validation {
    condition     = contains(["nat", "public"], var.egress)
    error_message = "egress must be nat or public."
  }
}

variable "enable_account_logging" {
  type        = bool
  description = "Whether this environment gives API Gateway its right to write logs, a setting of the account and region. Exactly one of the environments that share them has it."
  nullable    = false
}

variable "enable_deletion_protection" {
  type        = bool
  description = "Whether what holds data refuses to be destroyed. Set it to false, apply, and then destroy."
  default     = true
  nullable    = false
}

variable "environment" {
  type        = string
  description = "Name of the environment."

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.environment))
    error_message = "environment must be 2 to 8 lower-case letters and digits: roles have names of at most 64 characters."
  }
}

variable "image_tag" {
  type        = string
  description = "Tag of the browser image, and of the router's: the commit that they were built from."
}

variable "limits" {
  type = object({
    requests_per_second = optional(number, 100)
    request_burst       = optional(number, 200)
    requests_per_ip     = optional(number, 15000)
    ready_shards        = optional(number, 16)
  })
  description = "What each method of the API takes from all clients a second (heartbeats are a method too, one for each session in 15 s), what one address may send in five minutes (a session takes about six requests, so 15,000 are 500 sessions a minute), and over how many queues waiting creates are spread."
  default     = {}
  nullable    = false

  validation {
    condition     = var.limits.ready_shards >= 1 && var.limits.ready_shards <= 32
    error_message = "ready_shards must be from 1 to 32: create-session has the URLs of all queues in its environment, and Lambda allows 4 KB of it."
  }
}

variable "network" {
  type = object({
    cidr       = optional(string, "10.0.0.0/16")
    nat        = string
    zone_count = optional(number, 2)
  })
  description = "The VPC of the browsers. nat: none, one, or per_zone."
  nullable    = false

  validation {
    condition     = (var.network.nat == "none") == (var.connect == "direct" || var.egress == "public")
    error_message = "Sessions and routers without addresses of their own need a NAT gateway (nat = one or per_zone); with connect = direct or egress = public there is nothing for it to do (nat = none)."
  }
}

variable "project" {
  type        = string
  description = "What all names begin with, before the environment."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.project))
    error_message = "project must be 2 to 20 lower-case letters, digits and hyphens."
  }
}

variable "record_sessions" {
  type        = bool
  description = "Whether a session is filmed that does not say: its browserSettings.recordSession decides where it is given."
  default     = true
  nullable    = false
}

variable "retention" {
  type = object({
    artifact_days    = optional(number, 31)
    log_days         = optional(number, 30)
    old_profile_days = optional(number, 30)
  })
  description = "Days for which what sessions leave (artifacts), logs, and replaced or deleted profiles are kept."
  default     = {}
  nullable    = false
}

variable "router_capacity" {
  type        = object({ min = number, max = number })
  description = "How many routers there are, each for 800 connections. With min = 1 nobody connects while that one is replaced after a failure. Of no use where connect is direct."
  default     = { min = 2, max = 10 }
  nullable    = false
}

variable "spot" {
  type        = bool
  description = "Whether sessions run on Fargate Spot: up to 70 % cheaper, and AWS may end each with two minutes' notice. Routers never do."
  default     = false
  nullable    = false
}

variable "task_size" {
  type        = object({ vcpu = number, memory_gb = number })
  description = "What a session has that asks for nothing: one of Fargate's pairs, from 0.5 vCPU and 1 GB up."
  default     = { vcpu = 1, memory_gb = 2 }
  nullable    = false
}

variable "task_sizes" {
  type        = map(object({ vcpu = number, memory_gb = number }))
  description = "What else a session may ask for, by a name of yours: its browserSettings.taskSize. Empty: every session has the one size."
  default     = {}
  nullable    = false
}

variable "traces_endpoint" {
  type        = string
  description = "Where OpenTelemetry traces go by OTLP over HTTP, such as https://collector.example.com; empty: there are none. It takes them without a header of ours: a secret would stand in every environment."
  default     = ""
  nullable    = false

  validation {
    condition     = var.traces_endpoint == "" || can(regex("^https?://[^/@?#]+(/[^@?#]*)?$", var.traces_endpoint))
    error_message = "traces_endpoint must be an http(s) URL without credentials, query and fragment."
  }
}

variable "warm" {
  type = object({
    min        = optional(number, 0)
    max        = optional(number, 0)
    schedule   = optional(list(object({ from = string, to = string, days = list(string), min = number })), [])
    vcpu_quota = optional(number, 0)
  })
  description = "Containers that wait for a session: at least min, at most max, as many as creates came in the busiest of the last minutes. max = 0: none. schedule: another min from one time to another, in UTC, on some days (mon, tue, ...). vcpu_quota: what the account's Fargate quota of vCPUs (Spot's own, with spot) leaves to this environment's browsers, each in its size; there is never a warm container in a session's place."
  default     = {}
  nullable    = false

  validation {
    condition     = var.warm.min >= 0 && var.warm.min <= var.warm.max && var.warm.max <= 999
    error_message = "warm.min must be from 0 to warm.max, and warm.max at most 999."
  }

  validation {
    condition     = var.warm.max == 0 || var.warm.vcpu_quota >= var.warm.max * var.task_size.vcpu
    error_message = "warm.vcpu_quota must be given, and be enough for warm.max containers of task_size.vcpu each."
  }

  validation {
    condition = alltrue([
      for hours in var.warm.schedule :
      can(regex("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", hours.from)) && can(regex("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", hours.to)) &&
      length(setsubtract(hours.days, ["mon", "tue", "wed", "thu", "fri", "sat", "sun"])) == 0 &&
      hours.min >= 0 && hours.min <= var.warm.max
    ])
    error_message = "warm.schedule has entries such as { from = \"08:00\", to = \"18:00\", days = [\"mon\"], min = 2 }, with a min of at most warm.max."
  }
}
