variable "environments" {
  type        = set(string)
  description = "Environments of this account that GitHub Actions may deploy. Each is an environment of that name in the repository's settings."
  default     = ["dev", "prod"]
  nullable    = false

  validation {
    condition     = alltrue([for name in var.environments : can(regex("^[a-z][a-z0-9]{1,7}$", name))])
    error_message = "The name of an environment has 2 to 8 lower-case letters and digits."
  }
}

variable "oidc_provider_arn" {
  type        = string
  description = "ARN of the account's OIDC provider of GitHub, where there is one already: an account has one at most."
  default     = null
}

variable "project" {
  type        = string
  description = "What all names begin with; the same as in terraform/envs."
  default     = "wallcrawler"
  nullable    = false
}

variable "region" {
  type        = string
  description = "Region of the state bucket; the same as that of the environments."
  default     = "us-west-2"
  nullable    = false
}

variable "repository" {
  type        = string
  description = "owner/name of the repository on GitHub whose workflows deploy, as the sub claim of their tokens has it: with ids (owner@123/name@456) where the repository was made, renamed or transferred since July 15, 2026. null: only people deploy."
  default     = null

  validation {
    condition     = var.repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$|^[A-Za-z0-9-]+@[0-9]+/[A-Za-z0-9._-]+@[0-9]+$", var.repository))
    error_message = "repository must be owner/name or owner@id/name@id, without any *: it says whom this account trusts."
  }
}
