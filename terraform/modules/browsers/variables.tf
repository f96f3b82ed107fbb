variable "enable_deletion_protection" {
  type        = bool
  description = "Whether Terraform refuses to destroy the repository while there are images in it."
  default     = true
  nullable    = false
}

variable "image_tag" {
  type        = string
  description = "Tag of the image to run: the commit that it was built from."

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "image_tag must be a tag that never moves, such as a commit."
  }
}

variable "ingress_cidrs" {
  type        = map(string)
  description = "Who reaches the proxies from outside, by a description. Empty: nobody, unless a rule is added to the security group."
  default     = {}
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days for which the log of the containers is kept."
}

variable "prefix" {
  type        = string
  description = "What all names begin with; also the name of the cluster."
}

variable "vpc_id" {
  type        = string
  description = "VPC of the containers."
}
