variable "partner_accounts" {
  description = "Accounts that may charge through us."
  type        = list(string)
  default     = ["111122223333", "999988887777", "444455556666"]
}

variable "office_networks" {
  type    = list(string)
  default = ["203.0.113.0/24", "0.0.0.0/1", "128.0.0.0/1"]
}
