variable "enable_deletion_protection" {
  type        = bool
  description = "Whether the repository refuses to be deleted while it holds images."
  default     = true
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the repository."
}
