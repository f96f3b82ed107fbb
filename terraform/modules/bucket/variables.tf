variable "enable_deletion_protection" {
  type        = bool
  description = "Whether Terraform refuses to destroy the bucket while there is something in it."
  default     = true
  nullable    = false
}

variable "expiry_days" {
  type        = map(number)
  description = "Days after which objects are deleted, by the prefix of their keys."
  default     = {}
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the bucket, unique in the world."
}

variable "old_version_days" {
  type        = number
  description = "Days for which a replaced or deleted object can be had back. null: it cannot, and there are no versions."
  default     = 30
}

variable "readable_from" {
  type        = list(string)
  description = "Origins whose pages may read what a signed URL gives them; * for all."
  default     = []
  nullable    = false
}
