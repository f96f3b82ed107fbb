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

variable "nat" {
  type        = string
  description = "none: public subnets only. one: private subnets behind one NAT gateway. per_zone: a NAT gateway for each zone, so that a zone can fail."
  nullable    = false

  validation {
    condition     = contains(["none", "one", "per_zone"], var.nat)
    error_message = "nat must be none, one or per_zone."
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
