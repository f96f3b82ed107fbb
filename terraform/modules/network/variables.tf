variable "cidr" {
  type        = string
  description = "Addresses of the VPC, a /16."
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = endswith(var.cidr, "/16")
    error_message = "cidr must be a /16: the subnets are sixteenths of it, and each browser takes an address."
  }
}

variable "has_private_subnets" {
  type        = bool
  description = "Whether there are private subnets. CloudFront wants a load balancer of its VPC origin to be in one."
  nullable    = false
}

variable "nat" {
  type        = string
  description = "How private subnets reach the internet. none: not at all. one: all through one NAT gateway. per_zone: a NAT gateway for each zone, so that a zone can fail."
  nullable    = false

  validation {
    condition     = contains(["none", "one", "per_zone"], var.nat)
    error_message = "nat must be none, one or per_zone."
  }

  validation {
    condition     = var.nat == "none" || var.has_private_subnets
    error_message = "A NAT gateway is for private subnets, and there are none."
  }
}

variable "prefix" {
  type        = string
  description = "What all names begin with."
}

variable "zone_count" {
  type        = number
  description = "Availability zones to use."
  default     = 2
  nullable    = false

  validation {
    condition     = var.zone_count >= 2 && var.zone_count <= 8
    error_message = "zone_count must be from 2, so that a zone may fail, to 8, which is what the addresses allow."
  }
}
