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

variable "pulled_by_function_arn" {
  type        = string
  description = "The Lambda that runs the images; null where tasks do, which pull by their roles."
  default     = null
}
