variable "domain" {
  type        = object({ name = string, certificate_arn = string })
  description = "A name of your own, and its certificate in us-east-1. Without it CloudFront's own name is used."
  default     = null

  validation {
    condition     = var.domain == null || startswith(try(var.domain.certificate_arn, ""), "arn:") && strcontains(try(var.domain.certificate_arn, ""), ":acm:us-east-1:")
    error_message = "CloudFront takes certificates of us-east-1 only."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days for which the firewall's log is kept."
}

variable "origin" {
  type = object({
    domain_name          = string
    path                 = string
    read_timeout_seconds = number
  })
  description = "The API behind, and how long CloudFront waits for its answer."
  nullable    = false
}

variable "origin_secret" {
  type        = string
  description = "Sent to the API as Referer: it answers nobody who does not know it."
  sensitive   = true
}

variable "prefix" {
  type        = string
  description = "What all names begin with."
}

variable "requests_per_ip" {
  type        = number
  description = "Requests of one address in five minutes, above which it is blocked."

  validation {
    condition     = var.requests_per_ip >= 10
    error_message = "WAF counts from 10 on."
  }
}

variable "router" {
  type = object({
    arn                  = string
    domain_name          = string
    port                 = number
    read_timeout_seconds = number
  })
  description = "The internal load balancer that /connect* goes to, and how long CloudFront waits for its answer. Without it there is no such path."
  default     = null
}

variable "viewer_request_code" {
  type        = string
  description = "Source of the function that runs on every request of a viewer."
}
