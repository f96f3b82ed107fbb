variable "dead_letters" {
  type = object({
    async_retries   = optional(number)
    max_age_seconds = optional(number, 3600)
  })
  description = "Keeps what could not be processed in a queue. async_retries: how often Lambda repeats an event; leave it out for a stream, whose retries its mapping declares."
  default     = null
}

variable "disk_mb" {
  type        = number
  description = "Room in /tmp."
  default     = 512
  nullable    = false
}

variable "environment" {
  type        = map(string)
  description = "Environment variables: exactly those that the bundle reads."
  default     = {}
  nullable    = false
}

variable "image_uri" {
  type        = string
  description = "The image that the bundle runs in, for arm64, if it needs more than Node: its entry point is told the name of the bundle."
  default     = null
}

variable "invoked_by" {
  type        = map(object({ principal = string, source_arn = string }))
  description = "AWS services that may invoke the function, each from one source."
  default     = {}
  nullable    = false
}

variable "memory_mb" {
  type        = number
  description = "Memory; the share of a processor grows with it."
  default     = 512
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the bundle, without the prefix."
}

variable "operations" {
  type = object({
    alarm_topic_arn    = string
    log_retention_days = number
    alarm_on_errors    = optional(bool, true)
    telemetry          = optional(map(string), {})
  })
  description = "Where alarms go and how long logs are kept. alarm_on_errors: false where another alarm tells of its errors, as of an authorizer's. telemetry: the environment that says where numbers and traces go."
  nullable    = false
}

variable "package_dir" {
  type        = string
  description = "Folder with the zips of the bundles."
}

variable "policies" {
  type        = list(string)
  description = "Policy JSON of what the function calls, from the modules of what it calls."
  default     = []
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "What the names of the function and of everything around it begin with."
}

variable "timeout_seconds" {
  type        = number
  description = "How long one invocation may take."
  default     = 10
  nullable    = false
}
