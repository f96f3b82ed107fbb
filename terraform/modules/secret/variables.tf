variable "description" {
  type        = string
  description = "What the secret is for, and what writes it."
}

variable "enable_deletion_protection" {
  type        = bool
  description = "Whether a deleted secret can be had back for 30 days."
  default     = true
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the secret."
}
