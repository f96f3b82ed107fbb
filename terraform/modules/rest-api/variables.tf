variable "contract" {
  type        = string
  description = "The OpenAPI document, as JSON. Each operation is answered by the function <prefix>-<operationId in kebab case>."
}

variable "enable_account_logging" {
  type        = bool
  description = "Whether this API gives API Gateway its right to write logs. It is one setting for the account and region: of the environments that share them, exactly one has it."
}

variable "log_retention_days" {
  type        = number
  description = "Days for which the access log is kept."
}

variable "origin_secret" {
  type        = string
  description = "What CloudFront sends as Referer. Requests without it are refused, but for the containers' routes."
  sensitive   = true

  validation {
    condition     = length(var.origin_secret) >= 32
    error_message = "origin_secret must have at least 32 characters."
  }
}

variable "prefix" {
  type        = string
  description = "Name of the API, and what the names of its functions begin with."
}

variable "stage_name" {
  type        = string
  description = "Name of the stage: the first segment of the API's own URLs."
  default     = "api"
  nullable    = false
}

variable "throttling" {
  type        = object({ requests_per_second = number, burst = number })
  description = "What each method of the API takes from all clients together: API Gateway counts every method by itself, and none of them counts for the others."
  nullable    = false
}
