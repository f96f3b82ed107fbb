variable "alarm_topic_arn" {
  type        = string
  description = "Where alarms go."
}

variable "max_receives" {
  type        = number
  description = "How often a message is handed out before it is a dead letter."
}

variable "name" {
  type        = string
  description = "Name of the queue, without the prefix."
}

variable "prefix" {
  type        = string
  description = "What the names of the queues begin with."
}

variable "retention_seconds" {
  type        = number
  description = "How long a message is kept, whatever becomes of it."
  default     = 345600
  nullable    = false
}

variable "visibility_timeout_seconds" {
  type        = number
  description = "How long a message that was handed out is not handed out again. At least the function's time-out; six times it, as AWS advises, where nothing else keeps functions from being throttled."
}
