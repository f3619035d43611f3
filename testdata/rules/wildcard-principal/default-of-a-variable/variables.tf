variable "caller" {
  type    = string
  default = "*" # expect: wildcard-principal critical at "*"
}

locals {
  caller = var.caller
}
