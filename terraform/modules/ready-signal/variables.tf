variable "prefix" {
  type        = string
  description = "What the names of the topic and of the queues begin with."
}

variable "shards" {
  type        = number
  description = "How many queues there are. Creates that wait on one queue share it."
  default     = 16
  nullable    = false

  validation {
    condition     = var.shards >= 1 && var.shards <= 200
    error_message = "AWS allows 200 filter policies for one topic: shards must be from 1 to 200."
  }
}
