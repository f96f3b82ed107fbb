variable "name" {
  type        = string
  description = "Name of the role."
}

variable "policies" {
  type        = list(string)
  description = "Policy JSON of everything that the role may do."
}
