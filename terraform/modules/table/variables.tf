variable "enable_deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete the table."
  default     = true
  nullable    = false
}

variable "enable_stream" {
  type        = bool
  description = "Whether changes are put on a stream, with the item before and after."
  default     = false
  nullable    = false
}

variable "hash_key" {
  type        = string
  description = "Name of the partition key, a string."
}

variable "indexes" {
  type        = map(object({ hash_key = string, range_key = string }))
  description = "Global secondary indexes by name. Their keys are strings, and they hold whole items."
  default     = {}
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the table."
}

variable "range_key" {
  type        = string
  description = "Name of the sort key, a string; null: an item is known by its partition key alone."
  default     = null
}

variable "ttl_attribute" {
  type        = string
  description = "Attribute with the time, in seconds since 1970, at which an item may be deleted."
  default     = null
}
