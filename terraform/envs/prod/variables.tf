variable "enable_deletion_protection" {
  type        = bool
  description = "Whether what holds data refuses to be destroyed. Before a destroy: apply once with false."
  default     = true
  nullable    = false
}

variable "image_tag" {
  type        = string
  description = "Tag of the browser image, and of the router's: the commit that they were built from."
}

variable "region" {
  type        = string
  description = "Region of everything but the edge."
  default     = "us-west-2"
  nullable    = false
}
