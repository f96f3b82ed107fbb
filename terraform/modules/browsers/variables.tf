variable "ad_hosts_file" {
  type        = string
  description = "A list of the hosts of ads in the controller's image; empty: there is none."
  default     = ""
  nullable    = false
}

variable "allowed_networks" {
  type        = list(string)
  description = "Networks that browsers may reach although they are not public, such as 10.1.0.0/16."
  default     = []
  nullable    = false

  validation {
    # A network ACL takes 20 rules, and seven are ours.
    condition     = length(var.allowed_networks) <= 13
    error_message = "allowed_networks may be 13 at most."
  }
}

variable "architecture" {
  type        = string
  description = "x86_64 or arm64: what the tasks run on. The image of the same name must have been pushed."
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

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

variable "spot" {
  type        = bool
  description = "Whether the tasks run on Fargate Spot: up to 70 % cheaper, and AWS may take each back with two minutes' notice."
  default     = false
  nullable    = false
}

variable "subnets" {
  type = object({
    ids      = list(string)
    vpc_cidr = string
  })
  description = "Subnets of the tasks, and the addresses of their VPC."
}

variable "task_size" {
  type        = object({ vcpu = number, memory_gb = number })
  description = "What a session has that asks for nothing."
  default     = { vcpu = 1, memory_gb = 2 }
  nullable    = false

  validation {
    condition     = contains(try(local.memory_gb_by_vcpu[tostring(var.task_size.vcpu)], []), var.task_size.memory_gb)
    error_message = "task_size must be one of Fargate's pairs from 0.5 vCPU up, such as 0.5 and 1 to 4 GB, 1 and 2 to 8 GB, 2 and 4 to 16 GB."
  }
}

variable "task_sizes" {
  type        = map(object({ vcpu = number, memory_gb = number }))
  description = "What else a session may ask for, by a name of yours: its browserSettings.taskSize."
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([for size in values(var.task_sizes) :
    contains(try(local.memory_gb_by_vcpu[tostring(size.vcpu)], []), size.memory_gb)])
    error_message = "task_sizes must be of Fargate's pairs from 0.5 vCPU up, such as 0.5 and 1 to 4 GB, 1 and 2 to 8 GB, 2 and 4 to 16 GB."
  }

  validation {
    condition     = alltrue([for name in keys(var.task_sizes) : can(regex("^[a-z][a-z0-9-]{0,31}$", name))]) && length(var.task_sizes) <= 8
    error_message = "task_sizes must be at most 8, each named by up to 32 lower-case letters, digits and hyphens: they stand in the environment of a function."
  }
}

variable "telemetry" {
  type        = map(string)
  description = "The environment that says where the containers' numbers and traces go."
  default     = {}
  nullable    = false
}

variable "vpc_id" {
  type        = string
  description = "VPC of the containers."
}
