variable "api" {
  type        = object({ name = string, stage_name = string })
  description = "The API that is watched."
  nullable    = false
}

variable "emails" {
  type        = set(string)
  description = "Addresses that alarms are sent to; each has to confirm once."
  default     = []
  nullable    = false
}

variable "functions" {
  type        = object({ create_session = string, stream_processor = string, sweeper = string })
  description = "Names of the functions that are watched for more than errors."
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days for which the history of the sessions' steps is kept."
}

variable "monthly_budget_usd" {
  type        = number
  description = "What the account may cost a month before somebody is told; null: nobody is."
  default     = null
}

variable "prefix" {
  type        = string
  description = "What all names begin with."
}
