variable "name" {
  type        = string
  description = "Name of the task's family."
}

variable "retention_days" {
  type        = number
  description = "Days that the log is kept."
}

variable "stream_prefix" {
  type        = string
  description = "What the streams are called before container and task: <prefix>/<container>/<task id>."
}
